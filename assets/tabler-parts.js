// Families of Tabler's classes that pages may use. A family that is missing here has no style: add it.
const names = [
  // layout
  "container.*", "row", "row-cols.*", "row-deck", "row-cards", "col.*", "g-[0-5]", "gx-[0-5]", "gy-[0-5]", "gap-[0-5]",
  "d-(none|block|flex|grid|inline|inline-block|inline-flex)", "d-(sm|md|lg)-(none|block|flex)",
  "flex-(column|row|wrap|fill|grow-[01]|shrink-[01])", "align-items-(start|center|end|baseline)", "align-self-(start|center|end)",
  "justify-content-(start|center|end|between)", "order-[0-5]", "w-(25|50|75|100|auto)", "h-100",
  "[mp][tbsexy]?-([0-5]|auto)", "sticky-top", "overflow-(auto|hidden)", "vstack", "hstack",
  // words
  "h[1-6]", "lead", "small", "text-(start|center|end|muted|secondary|nowrap|wrap|break|truncate|reset|body)", "fw-(bold|semibold|normal|medium)",
  "fs-[1-6]", "subheader", "visually-hidden.*", "list-(unstyled|inline|inline-item)", "markdown", "font-monospace", "blockquote.*",
  // pieces
  "btn", "btn-(primary|secondary|link|sm|lg|list|icon|danger|close|group|outline-primary|outline-secondary|outline-danger)", "card", "card-(body|header|title|subtitle|footer|table|actions|link)",
  "table", "table-(sm|hover|vcenter|nowrap|responsive)", "form-(control|select|check|label|hint|text|fieldset|check-.*|control-sm|select-sm)", "input-(group|icon).*",
  "is-(valid|invalid)", "valid-feedback", "invalid-feedback", "badge", "bg-(transparent|light|white)", "alert", "alert-(info|warning|danger|success|title|icon)", "list-group", "list-group-(item|item-action|flush)",
  "datagrid.*", "divide-y", "hr-text", "page-(header|title|pretitle|body)", "nav", "nav-(item|link|tabs|pills)", "active", "disabled",
  "border", "border-(0|top|bottom|start|end)", "rounded", "rounded-[0-3]", "shadow-(none|sm)", "empty.*", "spinner-border.*",
];
export const families = names.map((name) => new RegExp(`^${name}$`));
