// Passkeys: <form data-passkey="create|get|login"> asks the browser, puts the answer into its hidden field and is sent.
// The question is in <script id="js_data" type="application/json">, or, at sign-in, comes from the form's own address.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function question(form) {
    if (form.dataset.passkey !== "login") return JSON.parse(document.getElementById("js_data").textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
}

function asked({ publicKey }) {
    const known = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));
    const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
    if (options.user) {
        options.user = { ...options.user, id: bytes(options.user.id) };
        options.excludeCredentials = known(options.excludeCredentials);
        options.authenticatorSelection = { ...options.authenticatorSelection, residentKey: "required", requireResidentKey: true };
    } else {
        options.allowCredentials = known(options.allowCredentials);
    }
    return { publicKey: options };
}

function answered(credential) {
    const { id, rawId, type, response, authenticatorAttachment } = credential;
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    const said = Object.fromEntries(parts.filter((part) => response[part]).map((part) => [part, text(response[part])]));
    if (response.getTransports) said.transports = response.getTransports();
    return { id, rawId: text(rawId), type, response: said, authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults() };
}

async function ask(form) {
    const { creation_options: create, request_options: get } = await question(form);
    const credential = create ? await navigator.credentials.create(asked(create)) : await navigator.credentials.get(asked(get));
    form.elements.credential.value = JSON.stringify(answered(credential));
    form.submit();
}

for (const form of document.querySelectorAll("[data-passkey]")) {
    form.hidden = !window.PublicKeyCredential;
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        // The person closed the browser's question, or has no passkey for this place: say what else there is.
        ask(form).catch(() => (form.querySelector("[data-failed]").hidden = false));
    });
}

// One box for all ways to sign in.
for (const copy of document.querySelectorAll("[name=shared_post][type=hidden]")) {
    copy.form.addEventListener("submit", () => (copy.value = document.getElementById("id_shared_post").checked ? "yes" : ""), true);
}
