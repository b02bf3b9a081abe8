// What a person typed is not lost when the server does not take it because the session had ended:
// it is kept in this tab, for this person, and put back when the page with the form opens again.
const KEY = "tiddao-unsent";
const UNTAKEN = "[data-not-taken]"; // the sign-in page, and the one that says a form was stale
const who = () => document.querySelector(".account-who")?.textContent ?? "";
const kept = () => JSON.parse(sessionStorage.getItem(KEY) ?? "null");
const forms = (action) => [...document.querySelectorAll("main form[method=post]")].filter((form) => path(form) === action);
const path = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;

// A sign-in in another tab gives this browser a new token: a page that was open before sends that one.
function token() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  const field = form.elements.csrfmiddlewaretoken;
  if (field && token()) field.value = token();
  if (form.matches("[hx-post], [data-hx-post]") || !form.closest("main") || form.querySelector("[type=password]")) {
    if (!form.closest("main")) sessionStorage.removeItem(KEY); // signing out
    return;
  }
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  const action = path(form);
  const words = { who: who(), page: location.pathname + location.search, action, nth: forms(action).indexOf(form), fields };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(words));
  } catch {
    sessionStorage.removeItem(KEY); // more than the browser holds: never an older text in its place
  }
}, true);
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (!token()) return;
  detail.headers["X-CSRFToken"] = token();
  if (detail.parameters.csrfmiddlewaretoken) detail.parameters.csrfmiddlewaretoken = token();
});

function putBack(form, fields) {
  const values = Map.groupBy ? Map.groupBy(fields, ([name]) => name) : new Map();
  if (!Map.groupBy) for (const pair of fields) values.set(pair[0], [...(values.get(pair[0]) ?? []), pair]);
  for (const field of form.elements) {
    if (!field.name || field.name === "csrfmiddlewaretoken" || ["file", "submit", "button"].includes(field.type)) continue;
    const left = values.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = left.some(([, value]) => value === field.value);
    else if (field.type === "select-multiple") for (const option of field.options) option.selected = left.some(([, value]) => value === option.value);
    else if (left.length) field.value = left.shift()[1];
  }
  for (let box = form.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
}
function say(id) {
  const words = document.getElementById(id);
  if (words) document.getElementById("announcements")?.append(words.content.cloneNode(true));
}
function look() {
  const words = kept();
  if (!words) return;
  if (document.querySelector(UNTAKEN)) {
    sessionStorage.setItem(KEY, JSON.stringify({ ...words, untaken: true }));
    return say("words-kept");
  }
  if (!words.untaken || (who() && words.who !== who())) return sessionStorage.removeItem(KEY);
  if (words.page !== location.pathname + location.search) return;
  sessionStorage.removeItem(KEY);
  const form = forms(words.action)[words.nth];
  if (!form) return;
  putBack(form, words.fields);
  say("words-back");
}
look();
