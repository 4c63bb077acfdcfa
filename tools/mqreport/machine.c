/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * machine.c - a hash of the machine-id, by which reports tell hosts apart
 *
 * machine-id(5) calls the id confidential, and wants programs to show others
 * only a cryptographic hash of it.  Where there is no such file, as on a system
 * without systemd and dbus, a report is known by its host name alone.
 */
#include <fcntl.h>
#include <string.h>

#include "base/buf.h"
#include "base/fsx.h"
#include "base/sha256.h"
#include "tools/mqreport/machine.h"

#define MQREPORT_MACHINE_FILE "/etc/machine-id"
#define MQREPORT_MACHINE_ID   32 /* hex digits of it, and a newline */
#define MQREPORT_MACHINE_SHOW 16 /* bytes of the hash */

/* What makes the hash ours. */
static const char mqreport_machine_salt[] = "mqueue-plugins machine\n";

int
mqreport_machine(const char *root, char **machine)
{
	const size_t salt = sizeof(mqreport_machine_salt) - 1;
	struct buf path = BUF_INIT, id = BUF_INIT, hex = BUF_INIT;
	uint8_t hash[SHA256_SIZE];
	int rc = -1;
	size_t i;

	*machine = NULL;
	buf_adds(&path, root);
	buf_adds(&path, MQREPORT_MACHINE_FILE);
	buf_adds(&id, mqreport_machine_salt);
	if (path.oom || id.oom)
		goto out;
	if (fsx_read(AT_FDCWD, buf_str(&path), 0, MQREPORT_MACHINE_ID + 1,
		&id) != 0) {
		rc = id.oom ? -1 : 0;
		goto out;
	}
	/* During the first boot the file says "uninitialized". */
	rc = 0;
	if (strspn(buf_str(&id) + salt, "0123456789abcdef") !=
	    MQREPORT_MACHINE_ID)
		goto out;
	sha256_bytes(id.data, salt + MQREPORT_MACHINE_ID, hash);
	for (i = 0; i < MQREPORT_MACHINE_SHOW; i++)
		buf_addf(&hex, "%02x", hash[i]);
	*machine = buf_take(&hex);
	rc = *machine != NULL ? 0 : -1;
out:
	buf_free(&path);
	buf_free(&id);
	return rc;
}
