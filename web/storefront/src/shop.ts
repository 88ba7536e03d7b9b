import { createShopClient } from '@daozhang/shared';
import { accessCodeOf } from './order/access_codes';
import { language } from './language';

export const shop = createShopClient({
  baseUrl: '',
  language: () => language.value,
  accessCode: accessCodeOf,
});
