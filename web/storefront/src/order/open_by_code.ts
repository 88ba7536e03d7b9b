import { shop } from '../shop';
import { keepAccessCode } from './access_codes';

// Opens the order in full, by cookie and, where the browser lets us, by the kept code. A wrong code is refused with 404.
export async function openByCode(orderNo: string, typed: string): Promise<string> {
  const code = typed.trim();
  const found = await shop.findOrder(orderNo, { access_code: code });
  keepAccessCode(found.order_no, code, found.order_no, true);
  const order = await shop.order(found.order_no);
  keepAccessCode(found.order_no, code, order.product_name, true);
  return found.order_no;
}
