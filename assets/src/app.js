// Everything works without this file; it saves a page load here and a click there.
import htmx from "htmx.org/dist/htmx.esm.js";
import "./menus.js";
import "./forms.js";
import "./failures.js";
import "./reader.js";
import "./unsent.js";

window.htmx = htmx;
