// The VFS through which SQLite uses a Disk. Paths come from Disk::path_of.
#pragma once

namespace daozhang::storage::sqlite::disk {

// Registers it once a process, and answers its name. Any thread.
const char* disk_vfs();

}  // namespace daozhang::storage::sqlite::disk
