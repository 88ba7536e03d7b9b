import { createApp } from 'vue';
import 'vant/es/style/base.css';
import 'vant/es/button/index.css';
import 'vant/es/loading/index.css';
import 'vant/es/overlay/index.css';
import 'vant/es/popup/index.css';
import 'vant/es/skeleton/index.css';
import 'vant/es/skeleton-paragraph/index.css';
import 'vant/es/skeleton-title/index.css';
import 'vant/es/stepper/index.css';
import 'vant/es/toast/index.css';
import App from './shell/app.vue';
import { i18n } from './language';
import { router } from './router';
import './theme.css';

createApp(App).use(i18n).use(router).mount('#app');
