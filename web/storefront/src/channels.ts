import type { Channel } from '@daozhang/shared';
import { ref, watch } from 'vue';
import { i18n, language } from './language';
import { shop } from './shop';

export const channels = ref<Channel[]>([]);
let loading: Promise<void> | null = null;

export function loadChannels(): Promise<void> {
  loading ??= shop
    .channels()
    .then((list) => void (channels.value = list))
    .finally(() => (loading = null));
  return loading;
}

watch(language, () => channels.value.length > 0 && void loadChannels().catch(() => undefined));

// What this device and this price can pay with. One that does not answer just now is left out, unless
// none answers. Of one kind a narrow screen gets the phone's page where there is one, a wide one the
// other ways; the sheet inside WeChat needs a page of ours there, which the shop does not have.
export function channelsForThisDevice(priceMinor: number): Channel[] {
  const payable = channels.value.filter(
    ({ way, order_minor_max: most }) => way !== 'jsapi' && (most === 0 || priceMinor <= most),
  );
  const answering = payable.filter(isAnswering);
  const offered = answering.length > 0 ? answering : payable;
  const isNarrow = matchMedia('(max-width: 767px)').matches;
  return offered.filter((channel) => {
    const others = offered.filter(({ kind, channel: name }) => kind === channel.kind && name !== channel.channel);
    if (isNarrow) return channel.way !== 'page' || !others.some(isForPhones);
    return !isForPhones(channel) || others.every(isForPhones);
  });
}

function isForPhones({ way }: Channel): boolean {
  return way === 'wap' || way === 'h5';
}

function isAnswering({ state }: Channel): boolean {
  return state === 'answering';
}

export function doesNotAnswer(name: string): boolean {
  return channels.value.some((channel) => channel.channel === name && !isAnswering(channel));
}

export function channelName(name: string): string {
  return channels.value.find((channel) => channel.channel === name)?.name ?? name;
}

// "channel:alipay" and "supplier:demo" by the names that a buyer knows.
export function partyName(party: string): string {
  const [kind, name = ''] = party.split(':');
  const { t } = i18n.global;
  if (kind === 'channel') return channelName(name);
  if (kind === 'supplier') return t('party.supplier', { name });
  return t(`party.${kind}`);
}
