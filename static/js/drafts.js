// What is being typed is kept by the server, sealed, a few seconds after the last key; the page offers it again when one
// comes back. Only forms with a long text: <form method="post"> around a <textarea>.
const PAUSE = 3000;
const SENT = "draft-sent";
const url = document.getElementById("session").dataset.drafts;
const forms = [...document.querySelectorAll("main form[method=post]")].filter((form) => form.querySelector("textarea"));
const texts = (form) => [...form.querySelectorAll("textarea[name], input[type=text][name]")];

function keep(form, page, fields) {
    const body = new URLSearchParams({ page, fields: JSON.stringify(fields) });
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    return fetch(url, { method: "POST", body, keepalive: true }).catch(() => {});
}

async function offer(form) {
    const answer = await fetch(`${url}?page=${encodeURIComponent(location.pathname)}`, { headers: { "X-Poll": "1" } });
    const kept = answer.ok && !answer.redirected ? await answer.json() : {};
    for (const field of texts(form)) if (!field.value && kept[field.name]) field.value = kept[field.name];
}

// The last page's form was sent, and the answer is no refusal and no sign-in: its draft has served.
const sent = sessionStorage.getItem(SENT);
const status = performance.getEntriesByType("navigation")[0]?.responseStatus ?? 200;
const any = document.querySelector("form [name=csrfmiddlewaretoken]")?.form;
if (sent && status < 400 && any) {
    sessionStorage.removeItem(SENT);
    await keep(any, sent, {});
}

for (const form of forms) {
    let timer;
    offer(form).catch(() => {});
    form.addEventListener("input", () => {
        clearTimeout(timer);
        const typed = () => Object.fromEntries(texts(form).map((field) => [field.name, field.value]));
        timer = setTimeout(() => keep(form, location.pathname, typed()), PAUSE);
    });
    form.addEventListener("submit", () => {
        clearTimeout(timer);
        sessionStorage.setItem(SENT, location.pathname);
    });
}
