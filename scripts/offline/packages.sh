# Functions to install programs from packages without root. Sourced by other scripts.

# Unpack Debian packages with their dependencies into a folder: suite (empty: the suite of this machine), folder, packages.
unpack_from_debian() {
  local suite=$1 folder=$2 apt=$PWD/.cache/apt mirror package options
  shift 2
  command -v apt-get dpkg >/dev/null || { echo "offline: apt-get and dpkg are required" >&2 && return 1; }
  . /etc/os-release
  mirror=$(apt-get indextargets --format '$(REPO_URI)' "Release: $VERSION_CODENAME" | head -n 1)
  [[ $mirror ]]
  rm -rf "$apt" "$folder"
  mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$folder"
  : >"$apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror ${suite:-$VERSION_CODENAME} main" \
    >"$apt/sources.list"
  options=(-qq -o Dir::State="$apt" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt"
    -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o APT::Install-Recommends=0 -o APT::Sandbox::User= -o Debug::NoLocking=1)
  apt-get "${options[@]}" update
  apt-get "${options[@]}" --yes --download-only install "$@"
  for package in "$apt"/archives/*.deb; do dpkg -x "$package" "$folder"; done
  rm -rf "$apt"
}

# Write a launcher that runs a browser with its own libraries: launcher, folder of fonts.conf, executable, libraries.
write_launcher() {
  rm -f "$1"
  printf '#!/bin/sh\nexport LD_LIBRARY_PATH=%q FONTCONFIG_PATH=%q\nexec %q "$@"\n' "$4" "$2" "$3" >"$1"
  chmod +x "$1"
}

# Install a browser from Debian: launcher, folder, package.
browser_from_debian() {
  local launcher=$1 folder=$2 package=$3 libraries
  unpack_from_debian "" "$folder" "$package" fonts-dejavu-core
  libraries=$(cd "$folder/usr/lib" && echo "$PWD"/*-linux-gnu*)
  # The executable's loader is this machine's, which needs the C library of this machine; both are of the same suite.
  rm -f "$libraries"/{ld-linux,libc.so,libm.so,libpthread,libdl,librt,libresolv}*
  write_launcher "$launcher" "$folder/etc/fonts" "$folder/usr/lib/$package/$package" "$libraries"
}

# Install Chromium from npm: launcher, folder, version of the npm package.
chromium_from_npm() {
  local launcher=$1 folder=$2 version=$3 file
  [[ $(uname -m) == x86_64 ]] # The package has no other builds.
  rm -rf "$folder"
  mkdir -p "$folder"
  PATH=$PWD/.venv/bin:$PATH npm pack --silent --pack-destination "$folder" "@sparticuz/chromium@$version"
  tar --extract --file "$folder"/*.tgz --directory "$folder" --strip-components=1
  for file in "$folder"/bin/*.br; do
    .venv/bin/node -e 'const [from, to] = process.argv.slice(1);
      fs.writeFileSync(to, zlib.brotliDecompressSync(fs.readFileSync(from)))' "$file" "${file%.br}"
    [[ $file != *.tar.br ]] || tar --extract --file "${file%.br}" --directory "$folder"
  done
  mv "$folder/bin/chromium" "$folder"
  chmod +x "$folder/chromium"
  rm -r "$folder"/*.tgz "$folder/bin"
  # fonts.conf names the folder that the package is unpacked to on AWS Lambda.
  sed --in-place "s#/tmp/#$folder/#" "$folder/fonts.conf"
  write_launcher "$launcher" "$folder" "$folder/chromium" "$folder/lib"
}
