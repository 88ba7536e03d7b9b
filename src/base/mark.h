// A mark that a run leaves when it passes a place. The mutants (tests/mutants) set it in the code
// that they break, so that whoever runs them knows that it was reached; nothing that is shipped
// sets it. One thread: the simulator's.
#pragma once

namespace daozhang::base {

inline bool mark_was_passed = false;
inline void mark() { mark_was_passed = true; }

}  // namespace daozhang::base
