// First thing in the body, before anything is drawn: what needs scripts may now hide or open itself.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
