const byId = id => document.getElementById(id);

/** Returns the password that the user enters in the dialog, or an empty text. */
function askPassword() {
  const dialog = byId('step-up');
  dialog.querySelector('form').reset();
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise(resolve => {
    dialog.onclose = () => resolve(dialog.returnValue && dialog.querySelector('input').value);
  });
}

/** Sends a request. An old login asks for the password. A device that was signed out goes to the sign-in page. */
async function send(method, path, fields) {
  const request = {method, body: fields && new URLSearchParams(fields)};
  let response = await fetch(path, request);
  if (response.headers.get('WWW-Authenticate')?.includes('insufficient_user_authentication')) {
    const password = await askPassword();
    const stepUp = password && await fetch('/step-up', {method: 'POST', body: new URLSearchParams({password})});
    if (stepUp) response = stepUp.ok ? await fetch(path, request) : stepUp;
  } else if (response.status === 401) {
    location.reload();
  }
  byId('message').textContent = response.ok ? '' : `The request was refused with status ${response.status}.`;
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
