import { onScopeDispose, ref, type Ref } from 'vue';

// The present moment, four times a second, as long as the component lives.
export function useNow(): Ref<number> {
  const now = ref(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), 250);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
