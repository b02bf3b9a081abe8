// A fragment that did not come is said aloud, never swallowed.
function say() {
  const place = document.getElementById("announcements");
  const words = document.getElementById("request-failed");
  if (place && words) place.replaceChildren(words.content.cloneNode(true));
}
document.addEventListener("htmx:responseError", say);
document.addEventListener("htmx:sendError", say);
document.addEventListener("htmx:timeout", say);
