const byId = id => document.getElementById(id);

/** Sends a request. A device that is signed out goes to the sign-in page. An old login asks for the password. */
async function send(method, path, fields) {
  const body = fields && new URLSearchParams(fields);
  const response = await fetch(path, {method, body});
  if (response.status === 401) {
    const challenge = response.headers.get('WWW-Authenticate') ?? '';
    const password = challenge.includes('insufficient_user_authentication') && prompt('Your password');
    if (password && (await send('POST', '/step-up', {password})).ok) {
      return fetch(path, {method, body});
    }
    if (!password) location.reload();
  }
  byId('message').textContent = response.ok ? '' : `Refused: ${response.status}`;
  return response;
}

async function show() {
  const response = await send('GET', '/sessions');
  if (!response.ok) return;
  const {sessions} = await response.json();
  byId('devices').replaceChildren(...sessions.map(session => {
    const item = document.createElement('li');
    item.textContent = `${session.name ?? 'Unknown device'}, last active ${session.lastActiveAt} `;
    if (session.current) {
      item.append('(this device)');
    } else {
      const button = document.createElement('button');
      button.textContent = 'Sign out';
      button.onclick = () => send('DELETE', `/sessions/${session.id}`).then(show);
      item.append(button);
    }
    return item;
  }));
}

byId('others').onclick = () => send('DELETE', '/sessions?others').then(show);
byId('out').onclick = () => send('POST', '/sign-out').then(() => location.assign('/'));
byId('change').onsubmit = event => {
  event.preventDefault();
  send('POST', '/password', new FormData(event.target)).then(show);
};
show();
