import { createApp } from 'vue';
import 'vant/es/button/style';
import 'vant/es/dialog/style';
import 'vant/es/skeleton/style';
import 'vant/es/stepper/style';
import 'vant/es/toast/style';
import App from './shell/app.vue';
import { i18n } from './language';
import { router } from './router';
import './theme.css';

createApp(App).use(i18n).use(router).mount('#app');
