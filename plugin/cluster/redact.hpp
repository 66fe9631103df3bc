// Credentials in running text.
#pragma once

#include <string>
#include <string_view>

namespace podcheck::cluster {

// Puts "***" in place of JSON Web Tokens, bearer tokens, user:password@ in URLs, cloud access keys, private keys, and
// the values behind words like password=, token:, api_key=. `removed` counts them.
std::string redact(std::string_view text, std::size_t* removed = nullptr);

// Whether the name of a variable or a key promises a secret: DB_PASSWORD, apiKey, SESSION_TOKEN.
bool names_a_secret(std::string_view name);

}  // namespace podcheck::cluster
