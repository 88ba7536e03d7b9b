import type { Product } from '@daozhang/shared';
import { ref, watch } from 'vue';
import { language } from '../language';
import { shop } from '../shop';

export const products = ref<Product[] | null>(null);
export const productsFailure = ref<unknown>(null);

export async function loadProducts(): Promise<void> {
  try {
    products.value = await shop.products();
    productsFailure.value = null;
  } catch (cause) {
    productsFailure.value = cause;
  }
}

watch(language, () => products.value && void loadProducts());

export function findProduct(sku: string): Product | undefined {
  return products.value?.find((product) => product.sku === sku);
}
