// Passkeys: a form that says data-passkey asks the browser for one before it is sent.
// Pages load GitHub's webauthn-json (it comes with django-allauth) beside this file: it turns the
// server's text into what the browser wants, and back.

const api = globalThis.webauthnJSON;

/** What the browser shall do, from the form's data-options or from the address it is sent to. */
async function optionsFor(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`The site answered ${response.status}.`);
  return (await response.json()).request_options;
}

/** A passkey that signs in alone is kept on the device, and asks for finger, face or PIN. */
function forSigningInAlone(options, alone) {
  const wanted = options.publicKey.authenticatorSelection;
  wanted.residentKey = alone ? "required" : "discouraged";
  wanted.requireResidentKey = alone;
  if (alone) wanted.userVerification = "required";
  return options;
}

async function askBrowser(form) {
  const options = await optionsFor(form);
  if (form.dataset.passkey !== "add") return api.get(options);
  return api.create(forSigningInAlone(options, form.elements.passwordless.checked));
}

function offer(form) {
  const problem = form.querySelector("[data-passkey-problem]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await askBrowser(form));
      form.submit();
    } catch (error) {
      // Stopped by the person, not there, or not allowed: browsers do not tell these apart.
      problem.hidden = false;
      problem.focus();
    }
  });
  form.hidden = false;
}

if (api?.supported()) {
  document.querySelectorAll("form[data-passkey]").forEach(offer);
  document.querySelectorAll("[data-without-passkey]").forEach((element) => element.remove());
}
