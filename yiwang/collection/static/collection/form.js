/* One form on the telephone: drawn from what was taken along, read into what is sent. */
(function () {
  'use strict';
  var words = document.getElementById('c-words').dataset, statuses = JSON.parse(words.statuses), relations = JSON.parse(words.relations);

  function el(name, css, text) { var e = document.createElement(name); if (css) e.className = css; if (text) e.textContent = text; return e; }
  function field(id, label, control) {
    var box = el('div', 'field'), l = el('label', 'label', label);
    l.htmlFor = control.id = id; control.classList.add('input'); box.append(l, control); return box;
  }
  function select(pairs, value) {
    var s = el('select');
    pairs.forEach(function (p) { var o = el('option', '', p[1]); o.value = p[0]; if (p[0] === value) o.selected = true; s.append(o); });
    return s;
  }
  function tick(id, label, on) {
    var l = el('label', 'choice'), i = el('input'), s = el('span', '', label);
    i.type = 'checkbox'; i.id = id; i.checked = on; l.htmlFor = id; l.append(i, s); return l;
  }
  function control(f, value) {
    var blank = [['', words.blank]], e;
    if (f.type === 'boolean') return select(blank.concat([['true', words.yes], ['false', words.no]]), value);
    if (f.type === 'choice') return select(blank.concat(f.choices), value);
    if (f.type === 'multichoice') {
      e = select(f.choices, ''); e.multiple = true;
      Array.from(e.options).forEach(function (o) { o.selected = (value || '').split(',').includes(o.value); });
      return e;
    }
    e = el('input'); e.value = value || ''; e.maxLength = 500; e.autocomplete = 'off';
    e.type = f.type === 'date' ? 'date' : 'text';
    if (f.type === 'phone') e.inputMode = 'tel';
    if (f.type === 'integer' || f.type === 'money') e.inputMode = 'decimal';
    return e;
  }

  function person(p, task, said) {
    var box = el('fieldset', 'c-person'), legend = el('legend'), grid = el('div', 'stack'), st, on;
    said = said || { status: 'here', values: {}, same: [], on: '' };
    box.dataset.person = p.id;
    legend.append(el('b', 'strong', p.name), document.createTextNode(' '), el('span', 'muted sm', p.line));
    st = select(statuses, said.status); st.dataset.part = 'status'; grid.append(field('s-' + p.id, words.status, st));
    on = el('input'); on.type = 'date'; on.value = said.on || ''; on.dataset.part = 'on';
    var day = field('on-' + p.id, words.on, on); grid.append(day);
    var asked = el('div', 'stack'); grid.append(asked);
    task.fields.forEach(function (f) {
      var held = p.fields.find(function (one) { return one.code === f.code; }) || { state: 'missing', now: '', mark: '' };
      if (held.state === 'fresh' && !held.mark && !(said.values[f.code])) return;
      var cell = el('div', held.mark ? 'c-cell c-marked' : 'c-cell'), c = control(f, said.values[f.code]);
      c.dataset.code = f.code;
      cell.append(field('f-' + p.id + '-' + f.code, f.label, c));
      if (held.now) {
        cell.append(el('p', 'sm muted', words.now + ' ' + held.now));
        var same = tick('same-' + p.id + '-' + f.code, words.same, said.same.includes(f.code));
        same.firstChild.dataset.same = f.code; cell.append(same);
      }
      if (held.mark) cell.append(el('p', 'err', held.mark));
      asked.append(cell);
    });
    function show() { asked.hidden = st.value !== 'here'; day.hidden = st.value !== 'moved' && st.value !== 'deceased'; }
    st.addEventListener('change', show); show();
    box.append(legend, grid); return box;
  }
  function newcomer(task, said) {
    var box = el('fieldset', 'c-person'), grid = el('div', 'stack'), n = Math.random().toString(36).slice(2), name = el('input'), rel, b;
    said = said || {}; box.dataset.newcomer = '1';
    box.append(el('legend', 'strong', words.newcomer), grid);
    name.dataset.code = 'name'; name.value = said.name || ''; name.maxLength = 100; grid.append(field('n-' + n, words.name, name));
    rel = select([['', words.blank]].concat(relations), said.relation); rel.dataset.code = 'relation'; grid.append(field('r-' + n, words.relation, rel));
    task.fields.forEach(function (f) { var c = control(f, said[f.code]); c.dataset.code = f.code; grid.append(field('v-' + n + f.code, f.label, c)); });
    b = el('button', 'btn btn-danger btn-sm', words.remove); b.type = 'button'; b.onclick = function () { box.remove(); };
    grid.append(b); return box;
  }

  function draw(into, item, task, said) {
    var note = el('textarea'), more = el('button', 'btn', words.more), news = el('div', 'stack');
    said = said || {}; into.textContent = '';
    item.people.forEach(function (p) { into.append(person(p, task, (said.people || {})[p.id])); });
    (said.newcomers || []).forEach(function (n) { news.append(newcomer(task, n)); });
    more.type = 'button'; more.onclick = function () { var n = newcomer(task); news.append(n); n.querySelector('input').focus(); };
    note.value = said.note || ''; note.maxLength = 500; note.dataset.part = 'note';
    into.append(news, more, field('note', words.note, note));
  }
  function value(c) { return c.multiple ? Array.from(c.selectedOptions).map(function (o) { return o.value; }).join(',') : c.value.trim(); }
  function values(box) {
    var found = {};
    box.querySelectorAll('[data-code]').forEach(function (c) { if (value(c)) found[c.dataset.code] = value(c); });
    return found;
  }
  function answers(from) {
    var people = {};
    from.querySelectorAll('[data-person]').forEach(function (box) {
      people[box.dataset.person] = {
        status: box.querySelector('[data-part=status]').value, on: box.querySelector('[data-part=on]').value, values: values(box),
        same: Array.from(box.querySelectorAll('[data-same]:checked')).map(function (c) { return c.dataset.same; })
      };
    });
    return { people: people, newcomers: Array.from(from.querySelectorAll('[data-newcomer]')).map(values), note: from.querySelector('[data-part=note]').value };
  }
  /* The quick part of the self-check; the server makes the whole of it. Gives the first fault. */
  function fault(from) {
    var bad = null;
    from.querySelectorAll('.err[data-check]').forEach(function (e) { e.remove(); });
    function mark(c, text) { var p = el('p', 'err', text); p.dataset.check = '1'; c.closest('.field').append(p); c.setAttribute('aria-invalid', 'true'); bad = bad || c; }
    from.querySelectorAll('[data-person]').forEach(function (box) {
      var status = box.querySelector('[data-part=status]'), on = box.querySelector('[data-part=on]');
      on.removeAttribute('aria-invalid');
      if ((status.value === 'moved' || status.value === 'deceased') && !on.value) mark(on, words.missing);
      if (status.value !== 'here') return;
      box.querySelectorAll('[data-code]').forEach(function (c) {
        var same = box.querySelector('[data-same="' + c.dataset.code + '"]');
        c.removeAttribute('aria-invalid');
        if (!value(c) && !(same && same.checked)) mark(c, same ? words.eitherOr : words.missing);
        else if (c.inputMode === 'tel' && value(c) && value(c).replace(/\D/g, '').length < 7) mark(c, words.phone);
      });
    });
    from.querySelectorAll('[data-newcomer] [data-code=name]').forEach(function (c) { if (!value(c)) mark(c, words.missing); });
    return bad;
  }
  window.collectionForm = { draw: draw, answers: answers, fault: fault, el: el };
})();
