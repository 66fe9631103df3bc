// Precompiled for every module: the standard headers that nearly every file includes. Files still include what they
// use; this only saves the compiler from reading it two hundred times.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>
