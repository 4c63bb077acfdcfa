#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# faults_change.t - system calls that fail in qflush and qblock: memory,
# descriptors, threads and children as well; t/qflush_faults.t has the disk's
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Faults;
use MQ::Scenes;
use Test::More;

BEGIN { need('strace', 'timeout') }

my $dir = tempdir();
try_faults($dir, changing_scenes($dir));
done_testing;
