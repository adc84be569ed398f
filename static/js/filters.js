// Filter forms (`data-auto-submit`) submit themselves: at once for a choice, after a short pause for text. Their button
// stays for those without script. With hx-get on the form, only the list is swapped.
const PAUSE = 250;
let timer;

const submit = (form) => {
    clearTimeout(timer);
    form.requestSubmit();
};

document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-auto-submit]");
    if (form && !isText(event.target)) submit(form);
});
document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-auto-submit]");
    if (!form || !isText(event.target)) return;
    clearTimeout(timer);
    timer = setTimeout(submit, PAUSE, form);
});
// Empty fields stay out of the address.
document.addEventListener("formdata", (event) => {
    if (!event.target.matches?.("form[data-auto-submit]")) return;
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

const isText = (field) => /^(text|search)$/.test(field.type);
