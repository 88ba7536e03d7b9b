import { showToast } from 'vant';
import { i18n } from './language';

export async function copyText(text: string): Promise<void> {
  const done = await write(text);
  showToast(i18n.global.t(done ? 'copy.done' : 'copy.failed'));
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return writeBySelection(text);
  }
}

// For pages served without TLS, where the clipboard interface is missing.
function writeBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'offscreen';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}
