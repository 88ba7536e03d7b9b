// Shows the time that is left, and keeps a second click from sending the form again.
(function () {
  'use strict';
  var time = document.getElementById('expires');
  var text = time.textContent;
  function show() {
    var left = Math.max(0, Math.floor((Number(time.dataset.at) - Date.now()) / 1000));
    var days = Math.floor(left / 86400);
    if (days > 0) return;
    var pad = function (n) { return (n < 10 ? '0' : '') + n; };
    var clock = left >= 3600
      ? Math.floor(left / 3600) + ':' + pad(Math.floor(left / 60) % 60) + ':' + pad(left % 60)
      : pad(Math.floor(left / 60)) + ':' + pad(left % 60);
    time.textContent = text + time.dataset.left.replace('{}', clock);
    time.classList.toggle('soon', left < 120);
  }
  show();
  setInterval(show, 1000);
  document.querySelector('form').addEventListener('submit', function () {
    setTimeout(function () { document.getElementById('pay').disabled = true; }, 0);
  });
  // A page taken back from the browser's memory must be clickable again.
  window.addEventListener('pageshow', function () { document.getElementById('pay').disabled = false; });
})();
