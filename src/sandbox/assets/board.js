// Switches faults and keeps the lists fresh.
(function () {
  'use strict';
  function say(form, text) {
    var old = form.querySelector('.wrong');
    if (old) old.remove();
    if (!text) return;
    var line = document.createElement('p');
    line.className = 'wrong';
    line.textContent = text;
    form.appendChild(line);
  }
  function wanted(form) {
    var body = { on: form.elements.on.checked };
    Array.prototype.forEach.call(form.elements, function (input) {
      if (input.name === 'on' || input.value === '') return;
      body[input.name] = input.name === 'match' ? input.value : Number(input.value);
    });
    return body;
  }
  function put(form) {
    fetch('/sandbox/v1/faults/' + form.dataset.name, {
      method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(wanted(form))
    }).then(function (reply) {
      return reply.json().then(function (json) {
        say(form, reply.ok ? '' : json.code + ': ' + json.detail);
        if (reply.ok) show(form, json);
      });
    }).catch(function (error) { say(form, String(error)); });
  }
  function show(form, fault) {
    form.classList.toggle('on', fault.on);
    form.elements.on.checked = fault.on;
    form.querySelector('.struck b').textContent = fault.struck;
    // The number that is left counts down; a field that is being written in is left alone.
    if (document.activeElement !== form.elements.times) form.elements.times.value = fault.times === null ? '' : fault.times;
  }
  var forms = {};
  document.querySelectorAll('form.fault').forEach(function (form) {
    forms[form.dataset.name] = form;
    form.addEventListener('change', function () { put(form); });
    form.addEventListener('submit', function (event) { event.preventDefault(); put(form); });
  });
  var reset = document.getElementById('reset');
  reset.addEventListener('click', function () {
    if (!confirm(reset.dataset.question)) return;
    fetch('/sandbox/v1/reset', { method: 'POST' }).then(function () { location.reload(); });
  });
  function refresh() {
    if (document.hidden) return Promise.resolve();
    var query = '?part=state&lang=' + document.documentElement.lang;
    return Promise.all([
      fetch('/' + query).then(function (reply) { return reply.text(); }).then(function (html) {
        document.getElementById('state').innerHTML = html;
      }),
      fetch('/sandbox/v1/faults').then(function (reply) { return reply.json(); }).then(function (json) {
        json.faults.forEach(function (fault) { show(forms[fault.name], fault); });
      })
    ]).catch(function () {});
  }
  (function again() { setTimeout(function () { refresh().then(again); }, 2000); })();
})();
