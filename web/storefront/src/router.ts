import { createRouter, createWebHistory } from 'vue-router';
import ProductList from './catalog/product_list.vue';

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'products', component: ProductList },
    { path: '/product/:sku', name: 'product', component: () => import('./catalog/product_page.vue'), props: true },
    { path: '/checkout/:sku', name: 'checkout', component: () => import('./checkout/checkout_page.vue'), props: true },
    { path: '/order/:orderNo', name: 'order', component: () => import('./order/order_page.vue'), props: true },
    { path: '/find', name: 'find', component: () => import('./find/find_page.vue') },
    { path: '/:rest(.*)*', name: 'missing', component: () => import('./shell/missing_page.vue') },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});
