// Two RSA keys made for the simulator, so that a run need not begin by making its own: that takes
// as long as a thousand orders. Public, as everything here is; they are no secret and sign nothing
// but what the simulator says to itself. Base64 of the DER (PKCS#1), 1024 bits: a signature by 2048
// takes six times as long and proves no more here.
#pragma once

#include <string_view>
#include <utility>

#include "base/check.h"
#include "crypto/rsa.h"

namespace daozhang::sim {

inline constexpr std::string_view test_app_key =
    "MIICWwIBAAKBgQCf+4AhY7jEXR6lcIpGCG8Ft6nsey8lvk6fKg+65atNJqBVBHMOgDKB8r7UY15Oa5FzwH6t7L4oPORj"
    "HMZtQW0WkOCYcTO17mpy/cq2SmDIAK6cBRYSVpkpZRNAj33teUqvWWIrRr2EZWGJ0OWXTD7UPJq03P8u0/mgjCPycheb"
    "QQIDAQABAoGANfXlhN2W35ytDo5EBVUo5VvKk7oE8A0dha/xOE/pFI+3upVSnYx9/Li8xvRxRbAgklNWJyHYDchkHE4D"
    "W6yat15G9ROQuOstuPpx6zqmWrivRSMF47PE+/rl9o02WXs497WRMvBjTBxkfqaKLjFwmIijqN388mLej2nXls560jEC"
    "QQDLRDgW1yNbYmXMv7gnIS3WmE5+XSxHkMGwkm8KQjV+FgCf9MuB7+MTNOO3PQToD5nbhWLbK73904e0IoC8/X4VAkEA"
    "yXya+GwzkHECVpEd+qZkQ/uHiFTsG6X1B85/ymiEk+iqP3HWqj68pPXqhVpeKj8p91KRHde+ngQRiwO313qffQJAfEHs"
    "w9GqdI/XSW4d5hW7Tsb2nPraObl9HjK2HKBS0QwkP6RGz9zUhIY9emOb3zzCQlbtEqxPzZ4FBBJffqi77QJAZgL1f0Nh"
    "FAdzdJrCf+4Qo67M3wSICjOLDKnLX5JtVWmeEMM1OTrMTgTH+T5YoLEcMUEXgfGCbASJUUXPpYRLDQJAWW+JeOKyq+5v"
    "nePxsRnMSxJt82EbqwCJ2bDvEFwlX77qJIl60mGcvIJO9YdO3EXd4v+vjDFhV+1ZthnS/g3inA==";

inline constexpr std::string_view test_platform_key =
    "MIICXAIBAAKBgQChvC6P7InDBi6Et9Tg3L+X8EGQmQ5StO2H0Esal9SIfFT/kabXoHFtdK8lpQq5nUnzib6QGQcBwHh8"
    "VuZt21S7dH73iJjxa9xz+pZ2kzGXRnMcQD0hBGECrPIje3uqqY0JTkEjXGkUZLrR4qYYa0jFyK9f3X63JMzYPfx+1KEr"
    "bwIDAQABAoGABZ8q5ynLqBHA8DALoD1ME5XwUXxgeRN85imhUq1QX+Yidjez2u7iwnE53U8dTlJfTa3OB+g2zCLKjVff"
    "7pWfHk7GRceN28Lr0iqsbEwpESxUAjICQJdycpuTEsAx7cGDTUHifTFyh++0VCDyG1XVkvdgObZG+W2VnRBj5ox6XSEC"
    "QQDWKVrayfpN9/J4TYnIBhv9fMk68CCAmm9ZhdM95/UINDhEeujTitgQWLmbRBjGYZb0VOGIKqPQf8VZDcpQnpVJAkEA"
    "wVTgIEBSDm5iqVOasPHLJGsj0cfgogBVELSmLjeQYhIn4utq3WiIC/sslrI0sZyyp/EvKWxh7pfYdOTvXCAS9wJBAISg"
    "c72O284xQR2zlyIidm8TOmOfleFOwqqEL//kiGCeRkJSg6GOGKR27erzzwv8H8oMTudO0MgseIDgA2zN6NECQFgza6jr"
    "D0SMMbDEdp9hQGdWBdpwENh3xFdBw0r0iIdldxL8ih2G0gJ9TeNWW9nn/k3GJ9kDHE6osdTqmRTzgRMCQD3eLES6+a8L"
    "FW6orp/sCi/Lb/QFJK3fduoznRGfvYNA264CB4Xk49b226vfHplB3I7Ps6uM6dzDhX0sb0MIGQE=";

inline crypto::RsaPrivateKey test_key(std::string_view text) {
  auto key = crypto::RsaPrivateKey::from_text(text);
  CHECK(key);
  return std::move(*key);
}

}  // namespace daozhang::sim
