#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# relayflood - made by bb-ext --install-wrapper
exec '/usr/bin/bb-ext' --interval='5m' -- '/usr/lib/nagios/plugins/check_relayflood'
