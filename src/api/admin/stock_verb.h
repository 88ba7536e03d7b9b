// The verb `stock`: takes a sealed batch into the running shop (stock_request.h). Answers
// `{"on_sale": …, "are_new": […]}`, one flag an item; a secret that the shop had already is not
// new. Refuses 422 sealed_wrong, 409 batch_taken, 503 store_unavailable and store_unknown. The same
// batch may be sent again after a lost answer or a 503: it answers as the first time.
#pragma once

#include "api/admin/operator_routes.h"
#include "api/catalog/catalog.h"
#include "api/vault.h"
#include "lane/lane.h"

namespace daozhang::api {

// All of it outlives the server.
struct StockVerbParts {
  lane::Lane& lane;
  const Vault& vault;
  const Catalog& catalog;
};

void add_stock_verb(OperatorRoutes& routes, StockVerbParts parts);

}  // namespace daozhang::api
