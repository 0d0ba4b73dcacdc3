// One question at a time, with real steps in the browser's history. Without this file the form is one short page.
(() => {
  "use strict";
  const all = (what, from = document) => [...from.querySelectorAll(what)];
  const byId = (id) => document.getElementById(id);
  const form = byId("formular");
  const title = document.title;

  function message(at, text) {
    const p = byId(at + "-fel");
    if (!p) return;
    p.textContent = text;
    p.hidden = !text;
    for (const field of form.elements[at].length && !form.elements[at].options
      ? form.elements[at]
      : [form.elements[at]]) {
      if (text) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }

  function complain(at, text) {
    const box = byId("fel");
    const link = document.createElement("a");
    const item = document.createElement("li");
    link.href = "#" + at;
    link.textContent = text;
    item.append(link);
    box.querySelector("ul").replaceChildren(item);
    box.hidden = false;
    document.title = form.dataset.prefix + " " + title.replace(form.dataset.prefix, "").trim();
    box.focus();
  }

  function choice(name) {
    const chosen = form.querySelector("[name=" + name + "]:checked");
    return chosen && chosen.closest("label");
  }

  function valueOf(name) {
    const field = form.elements[name];
    if (!field) return "";
    if (field.options) return field.value || name === "enhet" ? field.selectedOptions[0].text : "";
    if (field.length) {
      const chosen = choice(name);
      if (!chosen) return "";
      const more = chosen.dataset.with ? ": " + valueOf(chosen.dataset.with) : "";
      return chosen.querySelector("span").firstChild.textContent + more;
    }
    return field.value.trim();
  }

  function review() {
    const list = form.querySelector(".pf-review");
    for (const row of all("[data-of]", list)) row.textContent = valueOf(row.dataset.of) || list.dataset.empty;
    list.hidden = false;
  }

  function steps() {
    const parts = all("[data-step]", form);
    let now = 0;

    function show(n, focus) {
      now = n;
      parts.forEach((part, i) => (part.hidden = i !== n));
      document.body.dataset.step = n + 1;
      if (n === parts.length - 1) review();
      if (!focus) return;
      parts[n].querySelector("h2").focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    function clear() {
      byId("fel").hidden = true;
      document.title = title.replace(form.dataset.prefix, "").trim();
    }
    function go(n) {
      clear();
      history.pushState({ step: n }, "");
      show(n, true);
    }

    all(".pf-nextrow, [data-back]", form).forEach((e) => (e.hidden = false));
    form.addEventListener("click", (e) => {
      const at = e.target.closest("[data-next], [data-back], [data-to], #fel a");
      if (!at) return;
      if (at.dataset.to) return go(at.dataset.to - 1);
      if ("back" in at.dataset) return go(now - 1);
      if ("next" in at.dataset) {
        let { need, text } = parts[now].dataset;
        const reach = need === "svar" && choice(need);
        if (reach && reach.dataset.with) ({ with: need, text } = reach.dataset);
        if (!need || valueOf(need)) return go(now + 1);
        message(need, text);
        return complain(need, text);
      }
      const field = byId(at.hash.slice(1));
      e.preventDefault();
      show(parts.indexOf(field.closest("[data-step]")));
      field.focus();
    });
    form.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" || e.target.tagName !== "INPUT" || now === parts.length - 1) return;
      e.preventDefault();
      parts[now].querySelector("[data-next]").click();
    });
    form.addEventListener("input", (e) => {
      if (valueOf(e.target.name)) message(e.target.name, "");
      if (e.target.id !== "berattelse") return;
      const note = form.querySelector("[data-pnr]");
      note.textContent = /\b(19|20)?\d{6}[-+ ]?\d{4}\b/.test(e.target.value) ? note.dataset.pnr : "";
    });
    addEventListener("popstate", (e) => {
      clear();
      show(e.state ? e.state.step : 0, true);
    });

    const wrong = form.querySelector("[aria-invalid], #skicka-fel:not([hidden])");
    const first = wrong
      ? parts.indexOf(wrong.closest("[data-step]"))
      : history.state
        ? history.state.step
        : 0;
    history.replaceState({ step: first }, "");
    show(first);
    if (wrong) byId("fel").focus();

    form.addEventListener("submit", (e) => {
      const button = byId("skicka");
      if (!navigator.onLine) {
        e.preventDefault();
        byId("skicka-fel").textContent = form.dataset.offline;
        byId("skicka-fel").hidden = false;
        complain("skicka", form.dataset.offline);
      } else if (button.getAttribute("aria-disabled")) {
        e.preventDefault();
      } else {
        button.setAttribute("aria-disabled", "true");
        button.dataset.idle = button.textContent;
        button.textContent = button.dataset.busy;
      }
    });
    addEventListener("pageshow", () => {
      const button = byId("skicka");
      if (!button.dataset.idle) return;
      button.removeAttribute("aria-disabled");
      button.textContent = button.dataset.idle;
    });
  }

  function keep(row) {
    const code = byId("kod").textContent.trim().replace(/\s+/g, " ");
    const said = document.querySelector("[data-said]");
    row.hidden = false;
    row.addEventListener("click", async (e) => {
      const at = e.target.closest("button");
      if (!at) return;
      if ("print" in at.dataset) print();
      if ("copy" in at.dataset) {
        await navigator.clipboard.writeText(code);
        said.textContent = at.dataset.done;
      }
      if (at.dataset.save) {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([at.dataset.text], { type: "text/plain;charset=utf-8" }));
        link.download = at.dataset.save;
        link.click();
      }
    });
    if (!navigator.clipboard) row.querySelector("[data-copy]").hidden = true;
    // Reloading this page must not send the report once more.
    history.replaceState(null, "", location.href);
  }

  if (form) steps();
  const row = document.querySelector("[data-keep]");
  if (row) keep(row);

  // On a shared computer neither "back" nor "reload" may lead to a case that was closed: its address becomes the question.
  const leave = document.querySelector("[data-leave]");
  if (leave) {
    history.replaceState(null, "", leave.href);
    leave.addEventListener("click", (e) => {
      e.preventDefault();
      location.replace(leave.href);
    });
  }
})();
