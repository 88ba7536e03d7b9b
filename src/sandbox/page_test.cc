#include "sandbox/page.h"

#include <gtest/gtest.h>

#include <set>

#include "sandbox/assets.h"
#include "sandbox/page_words.h"

namespace daozhang::sandbox {
namespace {

TEST(Page, EveryWordIsThereInBothLanguagesAndOnce) {
  std::set<std::string_view> keys;
  for (const auto& one : page_words) {
    EXPECT_TRUE(keys.insert(one.key).second) << one.key;
    EXPECT_FALSE(one.zh.empty() || one.en.empty()) << one.key;
  }
}

TEST(Page, EveryWordThatATemplateAsksForExists) {
  for (const auto& asset : assets) {
    std::string_view rest = asset.text;
    for (auto at = rest.find("{{t:"); at != rest.npos; at = rest.find("{{t:")) {
      rest.remove_prefix(at + 4);
      EXPECT_FALSE(word(Language::en, rest.substr(0, rest.find("}}"))).empty());
    }
  }
}

TEST(Page, NoTemplateHoldsAScriptOrStyleOfItsOwn) {
  for (const auto& asset : assets) {
    if (asset.name.find(".html") == asset.name.npos) continue;
    EXPECT_EQ(asset.text.find("<script>"), asset.text.npos) << asset.name;
    EXPECT_EQ(asset.text.find("style="), asset.text.npos) << asset.name;
    EXPECT_EQ(asset.text.find(" onclick"), asset.text.npos) << asset.name;
  }
}

TEST(Page, EscapesWhatIsPutIn) {
  EXPECT_EQ(escape_html("<a b='c' d=\"e\">&"), "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;");
  const auto page = message_page(200, Language::en, "paid_title", "<script>", "", "", "");
  EXPECT_EQ(page.body.find("<script>"), std::string::npos);
}

TEST(Page, SpeaksTheLanguageThatIsAskedFor) {
  net::Request request;
  EXPECT_EQ(language_of(request), Language::zh);
  request.headers.add("Accept-Language", "en-US,en;q=0.9,zh;q=0.5");
  EXPECT_EQ(language_of(request), Language::en);
  request.query.add("lang", "zh-CN");
  EXPECT_EQ(language_of(request), Language::zh);
}

}  // namespace
}  // namespace daozhang::sandbox
