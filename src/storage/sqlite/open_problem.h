// Why a store could not be opened, for the person who started the program.
#pragma once

#include <string>

#include "base/enum_names.h"

namespace daozhang::storage::sqlite {

enum class OpenRefusal {
  in_use,          // Another process writes to it.
  cannot_open,     // No such folder, no permission, a file of another kind.
  not_a_store,     // A SQLite file of another program.
  schema_newer,    // Written by a newer binary.
  schema_differs,  // A migration that ran is not the one of this binary.
  schema_older,    // For readers: the writer has not migrated it yet.
  no_space,
  damaged,       // A check found damage.
  commits_lost,  // It has fewer commits than were acknowledged.
};
constexpr auto names_of(std::type_identity<OpenRefusal>) {
  return base::words("in_use", "cannot_open", "not_a_store", "schema_newer", "schema_differs",
                     "schema_older", "no_space", "damaged", "commits_lost");
}

struct OpenProblem {
  OpenRefusal refusal = OpenRefusal::cannot_open;
  std::string words;  // One English sentence with the path and what to do.
};

}  // namespace daozhang::storage::sqlite
