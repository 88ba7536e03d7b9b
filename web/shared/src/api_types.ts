// Generated from src/api/openapi.yaml by `npm run generate`; do not edit.

export interface paths {
    "/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything on sale */
        get: operations["list_products"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Ways to pay */
        get: operations["list_channels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/quotes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What an order would cost and when it would arrive
         * @description Checks the target, repeats it back in the form in which it will be used, and computes the promise as if the
         *     order were placed now. Stores nothing and holds no stock.
         */
        post: operations["quote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Place an order
         * @description Never waits for a channel. The same idempotency key with the same body gives the same answer again, to the byte;
         *     with another body a refusal (422). Sets an HttpOnly cookie that opens this order in full.
         *
         *     Unpaid orders for goods from stock count together for the client's address; over the shop's limit the answer is
         *     429 `too_many_unpaid_units`, and `Retry-After` says when the payment window of the earliest of them ends.
         *
         *     While a payment of the contact is charged back and nobody at the shop has forgiven it, the answer is 403
         *     `buyer_flagged`.
         */
        post: operations["place_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/find": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open an order by its number and its access code, or the contact given for it
         * @description Sets an HttpOnly cookie that opens this order: in full if found by the access code; found by the contact, to
         *     view only. Any mismatch gives the same 404.
         */
        post: operations["find_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{order_no}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
            };
            cookie?: never;
        };
        /** The order as it stands */
        get: operations["get_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{order_no}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
            };
            cookie?: never;
        };
        /**
         * The order, and again whenever it changes
         * @description Server-sent events. Each event is called `order`, has the order's version as its id, and carries the JSON of
         *     `get_order`. The first event is the present state, unless `Last-Event-ID` is the present version. A comment
         *     line is sent at least every 20 seconds.
         */
        get: operations["stream_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{order_no}/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show the secrets of the delivered units
         * @description Each reveal is recorded; a repeat shows the same secrets. Only units with `revealable` are contained. A cookie
         *     that opens the order to view only gives 403 `access_code_needed`.
         */
        post: operations["reveal_secrets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{order_no}/payments": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pay by another way
         * @description Opens a payment at the given channel. Earlier payments stay valid: whichever is paid first counts, and what is
         *     paid beside it is given back. Asking again for a channel that is open gives that payment. A cookie that opens
         *     the order to view only gives 403 `access_code_needed`; payments that are open can be paid with it.
         */
        post: operations["open_payment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{order_no}/payments/ask": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that it was paid
         * @description The channels of all payments that may still come are asked at once instead of at their next turn. The answer is
         *     the order as it stands; what the channels say comes by the stream. At most six times a minute for one order.
         */
        post: operations["ask_payments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{order_no}/payments/{payment_no}/payer": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
                /** @description A payment of this order. */
                payment_no: components["schemas"]["PaymentNo"];
            };
            cookie?: never;
        };
        /**
         * Leave for the channel, so that it says who pays
         * @description For a payment of the way `jsapi` that waits for its payer; a browser goes there (the payment's `redirect_url`),
         *     inside WeChat. It needs the cookie that opens the order in full. WeChat asks the payer nothing and sends him back
         *     to `…/payer/named`, from where he comes to the order's page. Every other payment redirects to the order's page.
         */
        get: operations["ask_payer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{order_no}/payments/{payment_no}/payer/named": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
                /** @description A payment of this order. */
                payment_no: components["schemas"]["PaymentNo"];
            };
            cookie?: never;
        };
        /**
         * Where the channel sends the payer back
         * @description The shop exchanges the code for the payer's openid, which it keeps for as long as the payment can be made with
         *     it and shows to nobody, and has the pay sheet made. It takes only a `state` that it gave for this very payment
         *     in the last ten minutes, from the browser that has the order's cookie.
         */
        get: operations["take_payer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pay/{order_no}/{payment_no}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
                /** @description A payment of this order. */
                payment_no: components["schemas"]["PaymentNo"];
            };
            cookie?: never;
        };
        /**
         * Leave for the channel's pay page
         * @description Signs the channel's link now and redirects to it. Names no secret, so no code is needed. A payment that can no
         *     longer be paid redirects to the order's page instead.
         */
        get: operations["open_pay_page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notify/{channel}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A configured channel account. */
                channel: components["schemas"]["ChannelName"];
            };
            cookie?: never;
        };
        /**
         * The same for channels that notify by GET
         * @description For epay; other channels answer 405. Answers as for POST.
         */
        get: operations["notify_payment_by_get"];
        put?: never;
        /**
         * A payment channel's notification
         * @description In the channel's own wire protocol. The answer is the channel's word for "received" (Alipay: `success`), given
         *     only after the fact is stored, and its word for "not received" (Alipay: `failure`) otherwise.
         */
        post: operations["notify_payment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/supplier-callbacks/{supplier}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A configured supplier. */
                supplier: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A supplier's signed notification
         * @description The supplier's protocol and its signature are described with the connector.
         */
        post: operations["notify_supply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A public number; shows neither count nor time. */
        OrderNo: string;
        PaymentNo: string;
        /** @description Opens the order to whoever has it. */
        AccessCode: string;
        Sku: string;
        /** @description The name of a configured channel account. */
        ChannelName: string;
        /**
         * Format: int64
         * @description A sum in the currency's minor unit (fen for CNY).
         */
        MinorUnits: number;
        /** @description ISO 4217. */
        Currency: string;
        /**
         * Format: date-time
         * @description RFC 3339.
         */
        Instant: string;
        /** @description Units. */
        Quantity: number;
        /** @enum {string} */
        ProductKind: "secret" | "topup" | "membership";
        ProductList: {
            products: components["schemas"]["Product"][];
        };
        Product: {
            sku: components["schemas"]["Sku"];
            /** @description Localized. */
            name: string;
            /** @description Localized, plain text; may be empty. */
            description: string;
            kind: components["schemas"]["ProductKind"];
            /** @description The price of one unit in the currency's minor unit. */
            price_minor: components["schemas"]["MinorUnits"];
            currency: components["schemas"]["Currency"];
            target_schema: components["schemas"]["TargetSchema"];
            /** @description Seconds from payment to arrival that the shop promises. */
            promise_seconds: number;
            /** @description Whether one unit can be bought now. */
            in_stock: boolean;
            /** @description The most units of one order. */
            max_quantity: components["schemas"]["Quantity"];
        };
        /**
         * @description What the buyer must say so that the goods can be sent: a JSON Schema of strings. Fields are shown in the order
         *     of `properties`. Empty for a secret.
         */
        TargetSchema: {
            /** @constant */
            type: "object";
            required: string[];
            properties: {
                [key: string]: components["schemas"]["TargetField"];
            };
        };
        TargetField: {
            /** @constant */
            type: "string";
            /** @description The label, localized. */
            title: string;
            /** @description A hint, localized. */
            description?: string;
            /**
             * @description A phone number of the region `x-region`.
             * @enum {string}
             */
            format?: "phone";
            /** @description ISO 3166-1. */
            "x-region"?: string;
            /** @description An ECMA 262 regular expression for the whole text. */
            pattern?: string;
            /** @description Characters. */
            minLength?: number;
            /** @description Characters. */
            maxLength?: number;
            enum?: string[];
            /** @description Localized label by value, for `enum` and `x-options-by`. */
            "x-labels"?: {
                [key: string]: string;
            };
            /** @description The values allowed depend on the value of another field. */
            "x-options-by"?: {
                field: string;
                options: {
                    [key: string]: string[];
                };
            };
        };
        /** @description Values by field name of the product's `target_schema`; empty for a secret. */
        Target: {
            [key: string]: string;
        };
        /** @description The target in the buyer's language, in the form in which it is sent to the supplier. */
        TargetDisplay: {
            /** @description The field's name. */
            name: string;
            /** @description The field's label. */
            title: string;
            /** @description The label of the value, or the value (a phone number grouped for reading). */
            value: string;
        }[];
        ChannelList: {
            channels: components["schemas"]["Channel"][];
        };
        Channel: {
            channel: components["schemas"]["ChannelName"];
            /** @description Localized. */
            name: string;
            /** @description Its protocol: `alipay`, `wechatpay`, `epay`. */
            kind: string;
            way: components["schemas"]["PaymentWay"];
            /**
             * @description `not_answering`: in the last five minutes most calls to it got no usable answer, or took long; do not offer
             *     it to buyers. It becomes `answering` by itself.
             * @enum {string}
             */
            state: "answering" | "not_answering";
            /** @description Orders of a higher price can not be paid with it; 0 is no limit. */
            order_minor_max: components["schemas"]["MinorUnits"];
            /**
             * @description Of the way `jsapi`: WeChat tells the shop who pays, so a page inside WeChat may offer it and `payer_id` is not
             *     needed. Where false, only whoever knows the payer's openid can use the channel.
             */
            names_payer: boolean;
        };
        /**
         * @description `page`: a page of the channel for a computer; `wap` and `h5`: one for a phone (`h5` is made by the channel, so
         *     its address comes a moment later); `qr`: a code to be scanned; `jsapi`: a sheet that opens inside WeChat.
         * @enum {string}
         */
        PaymentWay: "page" | "wap" | "qr" | "h5" | "jsapi";
        /** @description Frozen into the order when it is placed. */
        Promise: {
            /** @description Paid by `pay_by`, every unit has arrived by this moment, or its refund is decided at it. */
            deadline: components["schemas"]["Instant"];
            /** @description The end of the payment window. */
            pay_by: components["schemas"]["Instant"];
            /** @description The promised seconds from payment to arrival. */
            seconds: number;
        };
        QuoteRequest: {
            sku: components["schemas"]["Sku"];
            quantity: components["schemas"]["Quantity"];
            target: components["schemas"]["Target"];
        };
        Quote: {
            sku: components["schemas"]["Sku"];
            quantity: components["schemas"]["Quantity"];
            amount_minor: components["schemas"]["MinorUnits"];
            currency: components["schemas"]["Currency"];
            /** @description Normalized (a phone number in E.164). */
            target: components["schemas"]["Target"];
            target_display: components["schemas"]["TargetDisplay"];
            promise: components["schemas"]["Promise"];
        };
        /** @description Where the buyer can be reached, and by which the order can be found again. */
        Contact: {
            email?: string;
            /** @description A mobile number of mainland China, with or without +86. */
            phone?: string;
        };
        OrderRequest: {
            sku: components["schemas"]["Sku"];
            quantity: components["schemas"]["Quantity"];
            target?: components["schemas"]["Target"];
            contact?: components["schemas"]["Contact"];
            channel: components["schemas"]["ChannelName"];
            payer_id?: components["schemas"]["PayerId"];
        };
        /**
         * @description For a channel of the way `jsapi`, the payer's openid; others pass over it. A channel that names its payers
         *     (`names_payer`) does without: the payment then waits until its `redirect_url` was visited.
         */
        PayerId: string;
        PlacedOrder: {
            order_no: components["schemas"]["OrderNo"];
            access_code: components["schemas"]["AccessCode"];
            state: components["schemas"]["OrderState"];
            promise: components["schemas"]["Promise"];
            payment: components["schemas"]["Payment"];
        };
        /** @description Either the access code or the contact. */
        FindRequest: {
            order_no: string;
            access_code?: string;
            contact?: components["schemas"]["Contact"];
        };
        FoundOrder: {
            order_no: components["schemas"]["OrderNo"];
            /**
             * @description What the cookie opens. `full`: everything; `view`: neither the secrets nor another payment.
             * @enum {string}
             */
            scope: "view" | "full";
        };
        PaymentRequest: {
            channel: components["schemas"]["ChannelName"];
            payer_id?: components["schemas"]["PayerId"];
        };
        /**
         * @description Derived from the units and the payments.
         * @enum {string}
         */
        OrderState: "awaiting_payment" | "paid" | "in_review" | "fulfilling" | "delivered" | "partially_delivered" | "giving_back" | "given_back" | "expired";
        Order: {
            order_no: components["schemas"]["OrderNo"];
            /**
             * Format: int64
             * @description Rises with each change; the id of the stream's event.
             */
            version: number;
            state: components["schemas"]["OrderState"];
            sku: components["schemas"]["Sku"];
            /** @description Localized. */
            product_name: string;
            kind: components["schemas"]["ProductKind"];
            quantity: components["schemas"]["Quantity"];
            /** @description The price of the whole order in the currency's minor unit. */
            amount_minor: components["schemas"]["MinorUnits"];
            currency: components["schemas"]["Currency"];
            placed_at: components["schemas"]["Instant"];
            target_display: components["schemas"]["TargetDisplay"];
            promise: components["schemas"]["Promise"];
            /** @description In the order in which an order passes them. */
            stages: components["schemas"]["Stage"][];
            units: components["schemas"]["Unit"][];
            /** @description The oldest first. */
            payments: components["schemas"]["Payment"][];
            /** @description The payment that counted, or the one opened last. */
            payment: components["schemas"]["Payment"] | null;
            /** @description The oldest first. */
            refunds: components["schemas"]["Refund"][];
        };
        /**
         * @description Who has to act, null if nobody: `buyer` (to pay), `vault` (the shop's own store of secrets), `staff` (a person
         *     of the shop), `channel:<name>` or `supplier:<name>` (a named third party).
         */
        WaitsFor: string | null;
        Stage: {
            /** @enum {string} */
            name: "submitted" | "paid" | "accepted" | "checking" | "review" | "fulfilling" | "delivered";
            /** @enum {string} */
            state: "done" | "current" | "waiting" | "skipped" | "failed";
            began_at: components["schemas"]["InstantOrNull"];
            ended_at: components["schemas"]["InstantOrNull"];
            /** @description When it must end. */
            due_at: components["schemas"]["InstantOrNull"];
            waits_for: components["schemas"]["WaitsFor"];
        };
        /** Format: date-time */
        InstantOrNull: string | null;
        Unit: {
            /** @description Counts within the order. */
            unit_no: number;
            /** @enum {string} */
            state: "waiting" | "fulfilling" | "delivered" | "failed";
            /** @description Why it failed, as a name: `out_of_stock`, `supplier_refused`, `deadline_missed`, `order_lost` (the shop was restored from a backup and does not know any more what was bought). */
            reason: string | null;
            delivered_at: components["schemas"]["InstantOrNull"];
            /** @description Whether `reveal` will show its secret. */
            revealable: boolean;
            revealed_at: components["schemas"]["InstantOrNull"];
            /** @description The supplier's own number of the delivery. */
            proof: string | null;
            waits_for: components["schemas"]["WaitsFor"];
        };
        Payment: {
            payment_no: components["schemas"]["PaymentNo"];
            channel: components["schemas"]["ChannelName"];
            way: components["schemas"]["PaymentWay"];
            /** @enum {string} */
            state: "preparing" | "ready" | "closing" | "closed" | "paid" | "failed";
            amount_minor: components["schemas"]["MinorUnits"];
            currency: components["schemas"]["Currency"];
            /**
             * @description Our own `/pay/…` address for `page` and `wap`, and for `h5` once it is ready; for `jsapi`, while it waits for
             *     its payer, the address that has WeChat name him. Else null.
             */
            redirect_url: string | null;
            /** @description What the code to be scanned says, once the channel has given it. */
            qr_content: string | null;
            /** @description For `jsapi`, what the page inside WeChat hands to `WeixinJSBridge`, once the channel has given it. */
            pay_sheet: {
                [key: string]: string;
            } | null;
            expires_at: components["schemas"]["Instant"];
            paid_at: components["schemas"]["InstantOrNull"];
            /** @description What has arrived by this payment in the currency's minor unit. */
            paid_minor: components["schemas"]["MinorUnits"];
        };
        Refund: {
            refund_no: string;
            /**
             * @description `decided`: the channel is being told; `unknown`: told, its answer was lost and is being asked for;
             *     `accepted`: the channel has taken it; `settled`: the money is with the buyer; `refused`: a person acts.
             * @enum {string}
             */
            state: "decided" | "unknown" | "accepted" | "settled" | "refused";
            amount_minor: components["schemas"]["MinorUnits"];
            currency: components["schemas"]["Currency"];
            channel: components["schemas"]["ChannelName"];
            /**
             * @description The unit's `reason`; or `surplus` (paid too much, twice or too late), `shortfall` (paid too little),
             *     `reversal` (the supplier took back what it had delivered).
             */
            reason: string;
            /**
             * @description The units that it pays back, by their numbers; none for a surplus or a shortfall. Those that fail before
             *     it is sent go back with it.
             */
            units: number[];
            decided_at: components["schemas"]["Instant"];
            /** @description By when the channel must have taken it. */
            accept_by: components["schemas"]["Instant"];
            /** @description When the channel took it; null of one that is `settled` when the shop's staff gave it back another way. */
            accepted_at: components["schemas"]["InstantOrNull"];
            settled_at: components["schemas"]["InstantOrNull"];
        };
        RevealedSecrets: {
            units: {
                unit_no: number;
                secret: string;
            }[];
        };
        Received: {
            /** @constant */
            ok: true;
        };
        Problem: {
            /** @description A URI of the kind of problem. */
            type: string;
            /** @description The kind of problem, in English. */
            title: string;
            status: number;
            /** @description The refusal's name. */
            code: string;
            /** @description What happened and what to do, localized. */
            detail?: string;
            /** @description The request's id. */
            instance?: string;
            /** @description The first wrong field, as a path (`target.phone`, `quantity`). */
            field?: string;
            /** @description Every wrong field. */
            errors?: {
                /** @description A path, such as `target.phone`. */
                field: string;
                code: string;
                /** @description Localized. */
                detail?: string;
            }[];
        };
    };
    responses: {
        /** @description A refusal, RFC 9457. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description The language of the texts; `zh-CN` unless `en` is preferred. */
        AcceptLanguage: string;
        /** @description The order's public number. */
        OrderNo: components["schemas"]["OrderNo"];
    };
    requestBodies: never;
    headers: {
        /** @description Always `no-store`. */
        NoStore: "no-store";
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_products: {
        parameters: {
            query?: never;
            header?: {
                /** @description The language of the texts; `zh-CN` unless `en` is preferred. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The catalog, in the order in which the shop shows it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    list_channels: {
        parameters: {
            query?: never;
            header?: {
                /** @description The language of the texts; `zh-CN` unless `en` is preferred. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The channel accounts that take payments now, the preferred one first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelList"];
                };
            };
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    quote: {
        parameters: {
            query?: never;
            header?: {
                /** @description The language of the texts; `zh-CN` unless `en` is preferred. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuoteRequest"];
            };
        };
        responses: {
            /** @description The quote. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quote"];
                };
            };
            422: components["responses"]["Problem"];
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    place_order: {
        parameters: {
            query?: never;
            header: {
                /** @description The language of the texts; `zh-CN` unless `en` is preferred. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /** @description At least 128 random bits, made once per checkout by the client. */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrderRequest"];
            };
        };
        responses: {
            /** @description The order is placed. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    /** @description Where the order is read. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlacedOrder"];
                };
            };
            409: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            /** @description Too many orders in a minute, or too many units in unpaid orders. */
            429: {
                headers: {
                    /** @description Seconds after which the order may be taken. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    find_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description The language of the texts; `zh-CN` unless `en` is preferred. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FindRequest"];
            };
        };
        responses: {
            /** @description Found; the cookie is set. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FoundOrder"];
                };
            };
            404: components["responses"]["Problem"];
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    get_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description The language of the texts; `zh-CN` unless `en` is preferred. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            404: components["responses"]["Problem"];
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    stream_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description The language of the texts; `zh-CN` unless `en` is preferred. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /** @description The version last seen. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            404: components["responses"]["Problem"];
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    reveal_secrets: {
        parameters: {
            query?: never;
            header?: {
                /** @description The language of the texts; `zh-CN` unless `en` is preferred. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secrets. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevealedSecrets"];
                };
            };
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    open_payment: {
        parameters: {
            query?: never;
            header?: {
                /** @description The language of the texts; `zh-CN` unless `en` is preferred. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PaymentRequest"];
            };
        };
        responses: {
            /** @description The payment of this channel that was open already. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payment"];
                };
            };
            /** @description The payment is opened. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payment"];
                };
            };
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    ask_payments: {
        parameters: {
            query?: never;
            header?: {
                /** @description The language of the texts; `zh-CN` unless `en` is preferred. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are being asked. */
            202: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            404: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    ask_payer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
                /** @description A payment of this order. */
                payment_no: components["schemas"]["PaymentNo"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To WeChat, or back to the order. */
            302: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    /** @description WeChat's address, or `/order/{order_no}`, with `?payer=access_code_needed` without the cookie. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Problem"];
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    take_payer: {
        parameters: {
            query?: {
                /** @description Missing if the payer declined. */
                code?: string;
                state?: string;
            };
            header?: never;
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
                /** @description A payment of this order. */
                payment_no: components["schemas"]["PaymentNo"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the order's page. */
            302: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    /**
                     * @description `/order/{order_no}?payer=` and how it went: `named`, or why not: `declined`, `state_wrong`,
                     *     `state_expired`, `code_used`, `code_expired`, `code_invalid`, `account_refused`, `unavailable`,
                     *     `shop_unavailable`, `too_many_payments`, `too_many_requests`, `access_code_needed`. Without `payer` if there was nothing to do.
                     */
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Problem"];
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    open_pay_page: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The order's public number. */
                order_no: components["parameters"]["OrderNo"];
                /** @description A payment of this order. */
                payment_no: components["schemas"]["PaymentNo"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the channel, or back to the order. */
            302: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    /** @description The channel's signed address, or `/order/{order_no}`. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Problem"];
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    notify_payment_by_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A configured channel account. */
                channel: components["schemas"]["ChannelName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The channel's word. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    notify_payment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A configured channel account. */
                channel: components["schemas"]["ChannelName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    [key: string]: string;
                };
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description The channel's word. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description The channel's word for "not received"; the message was recorded and changed nothing. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description The channel's word for "not received"; nothing could be stored, the channel will repeat. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
    notify_supply: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A configured supplier. */
                supplier: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Received"];
                };
            };
            "4XX": components["responses"]["Problem"];
            "5XX": components["responses"]["Problem"];
        };
    };
}
