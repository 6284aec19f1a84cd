// What pages gain where scripts run: the reader's own time, parts that stay up to date, and all rows chosen at once.

showTimes(document);
offerAll();
const seconds = Number(document.body.dataset.refresh ?? 0);
const patienceMs = 10_000;
let currentAt = new Date();
let isAsking = false;
if (seconds > 0) setInterval(refresh, seconds * 1000);

/** @param {ParentNode} part */
function showTimes(part) {
  for (const time of part.querySelectorAll('time[datetime]')) {
    time.title = time.dateTime;
    time.textContent = new Date(time.dateTime).toLocaleString(undefined, {
      dateStyle: 'short',
      timeStyle: 'hour' in time.dataset ? 'short' : 'medium',
    });
  }
}

/** Takes the parts marked `data-live` from the page as it is now. What the reader has opened or stands in stays as it is. */
async function refresh() {
  if (document.hidden || isAsking) return;
  isAsking = true;
  const text = await ask().finally(() => {
    isAsking = false;
  });
  if (text !== undefined) take(text);
}

/** The page as it is now; undefined when it can't be had, and then the page says so: what is old must not look like what is. */
async function ask() {
  try {
    const answer = await fetch(location.href, {
      headers: {accept: 'text/html'},
      signal: AbortSignal.timeout(patienceMs),
    });
    if (answer.redirected) return tellOld('Your session is over.', 'Sign in again');
    if (!answer.ok) return tellOld(`The gateway answers ${answer.status}.`);
    const text = await answer.text();
    document.querySelector('#old')?.remove();
    currentAt = new Date();
    return text;
  } catch {
    return tellOld('The gateway does not answer.');
  }
}

/**
 * @param {string} why
 * @param {string} [link] leads to this page again
 */
function tellOld(why, link) {
  const notice = document.querySelector('#old') ?? document.createElement('p');
  const sentence = `${why} What stands here is of ${currentAt.toLocaleString(undefined, {timeStyle: 'medium'})}. `;
  if (notice.firstChild?.textContent === sentence) return;
  notice.id = 'old';
  notice.className = 'notice bad';
  notice.setAttribute('role', 'alert');
  const again = document.createElement('a');
  again.href = location.pathname + location.search;
  again.textContent = link ?? 'Try again';
  notice.replaceChildren(sentence, again);
  document.querySelector('main').prepend(notice);
}

/** @param {string} text */
function take(text) {
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id);
    if (next === null || part.contains(document.activeElement) || holdsSelection(part)) continue;
    const opened = [...part.querySelectorAll('details')].map(({open}) => open);
    next.querySelectorAll('details').forEach((details, index) => {
      details.open = opened[index] ?? false;
    });
    showTimes(next);
    if (next.innerHTML !== part.innerHTML) part.replaceChildren(...next.childNodes);
  }
}

/** @param {Element} part */
function holdsSelection(part) {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && part.contains(selection.anchorNode);
}

function offerAll() {
  for (const place of document.querySelectorAll('[data-choose]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'plain';
    button.textContent = 'Choose all on this page';
    button.addEventListener('click', () => {
      for (const box of place.closest('form').querySelectorAll('input[type=checkbox]')) box.checked = true;
    });
    place.append(button);
  }
}
