import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

// `npm run dev` shows the sources against a running shop: SHOP_URL, by default the address of `./dev run`.
const shop = process.env.SHOP_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [vue()],
  define: { __VUE_I18N_FULL_INSTALL__: false, __INTLIFY_PROD_DEVTOOLS__: false, __VUE_I18N_LEGACY_API__: false },
  build: {
    target: 'es2021',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/v1': shop, '/pay': shop } },
});
