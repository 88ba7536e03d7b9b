// A file in pieces, as it comes from a connection. Any thread.
#pragma once

#include <algorithm>
#include <string_view>

namespace daozhang::fuzz {

// Hands `file` to `feed` in pieces as long as the bytes of `sizes` say (1 to 128, over and over;
// the whole file if there are none), until it returns false.
template <class Feed>
void in_pieces(std::string_view file, std::string_view sizes, Feed&& feed) {
  for (std::size_t i = 0; !file.empty(); ++i) {
    const std::size_t size =
        sizes.empty() ? file.size()
                      : static_cast<unsigned char>(sizes[i % sizes.size()]) % std::size_t{128} + 1;
    if (!feed(file.substr(0, size))) return;
    file.remove_prefix(std::min(size, file.size()));
  }
}

}  // namespace daozhang::fuzz
