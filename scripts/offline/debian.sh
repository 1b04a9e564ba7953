# Sourced by the scripts in this folder.

# Unpack Debian packages with their dependencies into a folder: suite (empty: the machine's own), folder, packages.
unpack_from_debian() {
  local suite=$1 folder=$2 apt=$PWD/.cache/apt mirror package options
  shift 2
  command -v apt-get dpkg >/dev/null || { echo "offline: needs apt-get and dpkg" >&2 && return 1; }
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
