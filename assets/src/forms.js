// data-submit-on-change: a filter's choice shows at once. data-print: prints the page.
// A form that was sent is not sent again by a second press.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.matches("[hx-post], [data-hx-post]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
// Back from the next page: the form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
// A row of figures was saved by itself: the hand goes on to where it was going.
let goingTo = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches?.(".entry-row")) goingTo = document.activeElement?.id || null;
});
document.addEventListener("htmx:afterSettle", () => {
  if (!goingTo) return;
  const field = document.getElementById(goingTo);
  goingTo = null;
  if (field && document.activeElement !== field) field.focus();
});
