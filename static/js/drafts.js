// What is being typed is kept by the server, sealed, a few seconds after the last key, and put back when one returns to the
// form; the server forgets it once the form was taken. So for every form that is sent, but searches and those that say
// data-no-draft. Passphrases, codes and files are never kept.
const PAUSE = 3000;
const POLL = { "X-Poll": "1" };
const FORMS = "main form[method=post]:not([role=search], [data-no-draft])";
const KINDS = ":is(:not([type]), [type=text], [type=email], [type=tel], [type=number], [type=date])";
const TYPED = `textarea[name], input[name]${KINDS}:not([autocomplete=one-time-code])`;
const { drafts: url, draftBack, draftChanged, draftElsewhere } = document.getElementById("session").dataset;
const versions = new Map(); // by where a form is sent: the version that this tab knows; null once another tab is ahead
const timers = new Map();

const pathOf = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
const say = (text) => document.dispatchEvent(new CustomEvent("say", { detail: text }));

// By name, what the field showed at first and what it shows now: a value that somebody changed meanwhile stays theirs.
const typedIn = (form) =>
    Object.fromEntries(
        [...form.querySelectorAll(TYPED)]
            .filter((field) => field.value !== field.defaultValue)
            .map((field) => [field.name, [field.defaultValue, field.value]]),
    );

async function keep(form, path) {
    if (versions.get(path) === null) return;
    const body = new URLSearchParams({ page: path, fields: JSON.stringify(typedIn(form)), version: versions.get(path) ?? "" });
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const answer = await fetch(url, { method: "POST", body, keepalive: true, redirect: "error" });
    if (answer.status === 409) {
        versions.set(path, null);
        say(draftElsewhere);
    } else if (answer.ok) versions.set(path, (await answer.json()).version);
}

async function putBack(form, path) {
    const answer = await fetch(`${url}?page=${encodeURIComponent(path)}`, { headers: POLL, redirect: "error" });
    if (!answer.ok) return;
    const { fields, version } = await answer.json();
    versions.set(path, version);
    const told = new Set();
    for (const field of form.querySelectorAll(TYPED)) {
        const [shown, typed] = fields[field.name] ?? [];
        if (typed === undefined || typed === field.value) continue;
        told.add(field.value === shown ? draftBack : draftChanged);
        if (field.value !== shown) continue;
        field.value = typed;
        field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    told.forEach(say);
}

// A refused form comes back with what was typed in it.
const status = performance.getEntriesByType("navigation")[0]?.responseStatus ?? 200;
for (const form of document.querySelectorAll(FORMS)) {
    if (status < 400 && form.querySelector(TYPED)) putBack(form, pathOf(form)).catch(() => {});
}

document.addEventListener("input", ({ target }) => {
    const form = target.closest?.(FORMS);
    if (!form || !target.matches(TYPED)) return;
    const path = pathOf(form);
    clearTimeout(timers.get(path));
    timers.set(path, setTimeout(() => keep(form, path).catch(() => {}), PAUSE));
});
document.addEventListener("submit", ({ target }) => target.matches(FORMS) && clearTimeout(timers.get(pathOf(target))));
