// Accept-Language: no weight counts more than one, and other languages do not count.
#include "api/language.h"

#include <string>

#include "tests/fuzz/input.h"

namespace daozhang::fuzz {

void accept_language(std::string_view bytes) {
  const api::Language language = api::language_of(bytes);
  const std::string sent(bytes);
  CHECK(api::language_of(sent + ",zh;q=1.000") == api::Language::zh);
  CHECK(api::language_of(sent + ",fr;q=0.9") == language);
  if (language == api::Language::en) CHECK(sent.find("en") != std::string::npos);
}

}  // namespace daozhang::fuzz
