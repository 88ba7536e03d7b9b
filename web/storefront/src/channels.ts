import type { Channel } from '@daozhang/shared';
import { ref, watch } from 'vue';
import { i18n, language } from './language';
import { shop } from './shop';
import { insideWechat } from './wechat';

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
// other ways. The sheet inside WeChat comes first there and is nowhere else; WeChat's own page for
// other browsers (h5) does not open inside WeChat.
export function channelsForThisDevice(priceMinor: number): Channel[] {
  const payable = channels.value.filter(
    (channel) => opensHere(channel) && (channel.order_minor_max === 0 || priceMinor <= channel.order_minor_max),
  );
  const answering = payable.filter(isAnswering);
  const offered = answering.length > 0 ? answering : payable;
  const isNarrow = matchMedia('(max-width: 767px)').matches;
  return offered
    .filter((channel) => {
      const others = offered.filter(({ kind, channel: name }) => kind === channel.kind && name !== channel.channel);
      if (isNarrow) return channel.way !== 'page' || !others.some(isForPhones);
      return !isForPhones(channel) || others.every(isForPhones);
    })
    .sort((a, b) => Number(b.way === 'jsapi') - Number(a.way === 'jsapi'));
}

function opensHere({ way, names_payer: namesPayer }: Channel): boolean {
  if (way === 'jsapi') return insideWechat() && namesPayer;
  return way !== 'h5' || !insideWechat();
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
