#include "storage/sqlite/peer_rows.h"

#include "base/check.h"
#include "storage/sqlite/statement.h"

namespace daozhang::storage::sqlite {
namespace {

std::string rows_of(const std::string& table) {
  return " FROM open CROSS JOIN " + table +
         " AS it ON it.order_id = open.order_id AND it.partition = open.partition ";
}

}  // namespace

// CROSS JOIN keeps the open orders in front: the planner knows nothing of how few they are.
const std::string& select_open_peers() {
  static const std::string sql =
      "WITH open (order_id, partition, supplier) AS MATERIALIZED ("
      "SELECT order_id, partition, supplier FROM orders INDEXED BY orders_due "
      "WHERE due_at <> 0 AND closed_at = 0 UNION ALL "
      "SELECT order_id, partition, supplier FROM orders INDEXED BY orders_waiting "
      "WHERE due_at = 0 AND closed_at = 0), "
      "named (kind, name, order_id, partition) AS ("
      "SELECT 'channel', it.channel, it.order_id, it.partition" +
      rows_of("payment_intents") +
      "WHERE it.settled_at = 0 UNION "
      "SELECT 'channel', it.channel, it.order_id, it.partition" +
      rows_of("payments") + "UNION SELECT 'channel', it.channel, it.order_id, it.partition" +
      rows_of("refunds") +
      "WHERE it.state <> 'settled' UNION "
      "SELECT 'supplier', it.supplier, it.order_id, it.partition" +
      rows_of("attempts") +
      "WHERE it.state = 'submitting' OR it.state = 'accepted' OR it.state = 'unknown' UNION "
      "SELECT 'supplier', open.supplier, open.order_id, open.partition" +
      rows_of("units") +
      "WHERE open.supplier <> '' AND (it.state = 'waiting' OR it.state = 'fulfilling')) "
      "SELECT kind, name, count(*) FROM named GROUP BY kind, name ORDER BY kind, name";
  return sql;
}

std::vector<ports::OpenPeer> read_open_peers(Database& database) {
  Statement select(database, select_open_peers());
  std::vector<ports::OpenPeer> peers;
  while (select.row()) {
    const auto kind = base::enum_named<ports::PeerKind>(select.text(0));
    CHECK(kind);
    peers.push_back({*kind, std::string(select.text(1)), select.integer(2)});
  }
  return peers;
}

}  // namespace daozhang::storage::sqlite
