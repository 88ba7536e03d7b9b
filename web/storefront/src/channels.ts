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

// A narrow screen gets the phone's page where both are offered, a wide one the other.
export function channelsForThisDevice(): Channel[] {
  const offered = new Set(channels.value.map((channel) => channel.way));
  if (!offered.has('page') || !offered.has('wap')) return channels.value;
  const unwanted = matchMedia('(max-width: 767px)').matches ? 'page' : 'wap';
  return channels.value.filter((channel) => channel.way !== unwanted);
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
