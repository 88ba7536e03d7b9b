// A callable that is moved, never copied, so that it may own a Responder or a unique_ptr.
// (std::move_only_function comes with C++23.)
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include "base/check.h"

namespace daozhang::net {

template <class Signature>
class UniqueFunction;

// One owner; not synchronized. Calling an empty one is a bug and stops the process.
template <class R, class... Args>
class UniqueFunction<R(Args...)> {
 public:
  UniqueFunction() = default;

  template <class F>
    requires(!std::same_as<std::decay_t<F>, UniqueFunction> &&
             std::is_invocable_r_v<R, std::decay_t<F>&, Args...>)
  UniqueFunction(F&& function)  // NOLINT: implicit, as std::function is.
      : callable_(std::make_unique<Holder<std::decay_t<F>>>(std::forward<F>(function))) {}

  R operator()(Args... args) {
    CHECK(callable_ != nullptr);
    return callable_->call(std::forward<Args>(args)...);
  }
  explicit operator bool() const { return callable_ != nullptr; }

 private:
  struct Callable {
    virtual ~Callable() = default;
    virtual R call(Args... args) = 0;
  };
  template <class F>
  struct Holder final : Callable {
    explicit Holder(F&& f) : function(std::move(f)) {}
    explicit Holder(const F& f) : function(f) {}
    R call(Args... args) override { return function(std::forward<Args>(args)...); }
    F function;
  };

  std::unique_ptr<Callable> callable_;
};

using Task = UniqueFunction<void()>;

}  // namespace daozhang::net
