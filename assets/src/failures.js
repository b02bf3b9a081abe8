// A fragment that did not come is said aloud, never swallowed.
function say(event) {
  const place = document.getElementById("announcements");
  const ended = event.detail.xhr?.status === 401;
  const words = document.getElementById(ended ? "session-ended" : "request-failed");
  if (place && words) place.replaceChildren(words.content.cloneNode(true));
}
document.addEventListener("htmx:responseError", say);
document.addEventListener("htmx:sendError", say);
document.addEventListener("htmx:timeout", say);
