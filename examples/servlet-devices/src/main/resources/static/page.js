// Shows exact times in the visitor's time zone. Without scripts they are in UTC.
for (const time of document.querySelectorAll("time[datetime]")) {
  const exact = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" });
  if (time.classList.contains("exact")) {
    time.textContent = exact;
  } else {
    time.title = exact;
  }
}
