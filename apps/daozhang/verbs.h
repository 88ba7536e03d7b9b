// The verbs of the binary. Each returns the process's exit status and has told the operator on
// stderr what went wrong.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace daozhang::app {

// What a script may rely on; each verb's --help says which it can end with.
namespace exit_status {
constexpr int ok = 0;
constexpr int failed = 1;            // The store could not be written; fsck: broken.
constexpr int usage = 2;             // Wrong options, settings or files; fsck: could not check.
constexpr int some_refused = 3;      // import: some lines, each named in the report.
constexpr int nothing_accepted = 4;  // import: no line was new.
}  // namespace exit_status

struct CommonOptions {
  std::string config = "var/daozhang.toml";
  std::vector<std::string> set;  // section.key=value
};

// Who changes a running shop, and why; its log says both.
struct ActingOptions {
  std::string as;  // Empty: the login name.
  std::string reason;
};

struct InitOptions {
  std::string directory = "var";
  bool demo = false;
  std::string catalog = "apps/daozhang/demo/catalog.json";
  std::string web_root = "web/storefront/dist";
  std::uint16_t port = 8080;
  std::uint16_t admin_port = 8081;
  std::uint16_t sandbox_port = 8090;
};

struct ImportOptions {
  std::string sku;
  std::string file;  // `-` is standard input.
  bool csv = false;
  std::string header;    // yes or no; must be said for CSV.
  std::string encoding;  // Empty: found out; utf-8 or gb18030.
  bool quiet = false;    // Only refused lines and the sums.
  ActingOptions acting;  // For the log of a running shop.
};

struct TimeOptions {
  std::string action = "show";  // show, keep or adopt.
  ActingOptions acting;
};

struct ReportOptions {
  bool json = false;
  std::string language;  // zh-CN or en; empty: what the environment says.
};

struct BillsOptions {
  enum class Action { list, show, close, assign, again };
  Action action = Action::list;
  std::string day;         // list: only this one; again: which.
  std::string channel;     // list: only the merchant account of this one; again: whose.
  bool all = false;        // list: closed differences too.
  std::string difference;  // The others: its number.
  std::string to;          // assign
  std::string evidence;    // close
  ActingOptions acting;    // close, assign, again: for the journal.
  bool json = false;
  std::string language;
};

int serve(const CommonOptions& options);
int fsck(const CommonOptions& options);
int init(const InitOptions& options);
int import_secrets(const CommonOptions& options, const ImportOptions& import);
struct InboxOptions {
  std::string action = "list";  // list, show or replay
  std::string digest;
  std::string order_no;
  std::string channel;
  std::string reason;
  std::string verdict;
  std::string since;  // RFC 3339, or a day of Beijing.
  std::int64_t count = 50;
  ActingOptions acting;
};

// What channels told the running shop, and judging it again.
int inbox(const CommonOptions& options, const InboxOptions& inbox);

struct MoneyOptions {
  std::string order_no;
  std::string trade_no;         // settle, chargeback
  std::string refund_no;        // refund
  bool by_hand = false;         // refund: it went another way already.
  bool found_in_books = false;  // refund: the channel gave it back already.
  std::string case_no;          // chargeback
  std::string amount;           // chargeback, settle; decimal
  std::string channel;    // settle: of an order that the shop has lost; chargeback: of the payment.
  bool returned = false;  // chargeback: the dispute was won.
  std::string second;     // Who else stands for it.
  ActingOptions acting;
};

// Has the channel asked about a payment that somebody knows of.
int admin_settle(const CommonOptions& options, const MoneyOptions& money);
// Sends a refund again that the channel's books do not have, or ends one that went another way.
int admin_refund(const CommonOptions& options, const MoneyOptions& money);
// Books what the channel took back from the shop, or gave it again.
int admin_chargeback(const CommonOptions& options, const MoneyOptions& money);
// Lets the contacts of an order buy again.
int admin_forgive(const CommonOptions& options, const MoneyOptions& money);

int admin_time(const CommonOptions& options, const TimeOptions& time);
int report_money(const CommonOptions& options, const ReportOptions& report_options);
int bills(const CommonOptions& options, const BillsOptions& bills_options);

}  // namespace daozhang::app
