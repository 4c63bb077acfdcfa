# SPDX-License-Identifier: GPL-3.0-or-later
# Soak.pm - programs within limits, what they took, and what was wrong
#
# All programs run by t/soak/limited, which notes memory and time of each.
# There is no RLIMIT_NPROC: it counts all that a user runs, and root has none.
package MQ::Soak;
use strict;
use warnings;

use MQ;
use POSIX ();
use Time::HiRes ();

# Program -> MB of address space. Shared libraries take most of it: below 3.5
# MB check_mqueue and bb-ext do not start, the others below 5.5. Then the
# programs that read control files say that they are out of memory up to 6 to
# 12, by the number of relays and of threads. Children have the same limit: a
# makemap in Perl takes 8.
my %AS = (check_mqueue => 6, check_relayflood => 16, qstat => 16,
    mqreport => 16, mqc => 8, qflush => 8, qblock => 12, 'bb-ext' => 6);
my $NOFILE = 32;
my $FSIZE = 4 << 20;
my $SECONDS = 60;

# new(dir => DIR): notes are below DIR.
sub new {
	my ($class, %opt) = @_;
	my $self = bless {%opt, notes => "$opt{dir}/notes", wrong => [],
	    checks => 0}, $class;
	spew($self->{notes}, '');
	# A sanitizer takes terabytes of addresses.
	$self->{sanitized} = slurp(program('check_mqueue')) =~
	    /__[at]san_init/;
	return $self;
}

# The words of a command: command('qstat', '--json'). "as" is a limit other
# than the usual, in MB, "seconds" a time other than the usual.
sub command {
	my ($self, $opt, $name, @args) = ref $_[1] ? @_ : ($_[0], {}, @_[1 .. $#_]);
	my $path = MQ::program($name);
	my $as = $self->{sanitized} ? 0 : ($opt->{as} // $AS{$name}) << 20;
	return (builddir() . '/t/soak/limited', $self->{notes}, $as, $NOFILE,
	    $FSIZE, $opt->{seconds} // $SECONDS, $path, @args);
}

# Runs one as run() does.
sub run_program {
	my ($self, @words) = @_;
	return run($self->command(@words));
}

# start(...): the same in the background; finish($it) waits for it, and
# returns what run() does.
sub start {
	my ($self, @words) = @_;
	my $it = {out => "$self->{dir}/out", err => "$self->{dir}/err"};
	my @command = $self->command(@words);
	$it->{pid} = fork // die "fork: $!\n";
	return $it if $it->{pid};
	open STDIN, '<', '/dev/null' or POSIX::_exit(126);
	open STDOUT, '>', $it->{out} or POSIX::_exit(126);
	open STDERR, '>', $it->{err} or POSIX::_exit(126);
	$ENV{LC_ALL} = 'C';
	exec { $command[0] } @command or POSIX::_exit(127);
}

sub finish {
	my ($self, $it) = @_;
	waitpid $it->{pid}, 0;
	return {code => $? >> 8, signal => $? & 127, out => slurp($it->{out}),
	    err => slurp($it->{err})};
}

# --- what was wrong ------------------------------------------------------------

# check($true, $what, @seen): counts, and keeps what was wrong.
sub check {
	my ($self, $true, $what, @seen) = @_;
	$self->{checks}++;
	push @{$self->{wrong}}, POSIX::strftime('%T ', localtime) .
	    join(' | ', $what, map { $_ // 'undef' } @seen) if !$true;
	return $true;
}

sub equal {
	my ($self, $got, $expected, $what) = @_;
	return $self->check(($got // 'undef') eq $expected, $what,
	    'got ' . ($got // 'undef'), "expected $expected");
}

sub between {
	my ($self, $got, $low, $high, $what) = @_;
	return $self->check(defined $got && $got =~ /^-?\d/ && $got >= $low
	    && $got <= $high, $what, 'got ' . ($got // 'undef'),
	    "expected $low to $high");
}

# --- what is left --------------------------------------------------------------

# process -> its parent, of all that have not ended.
sub _parents {
	my %parent;
	for my $file (glob '/proc/[0-9]*/stat') {
		my $stat = eval { slurp($file) } // next;
		my ($pid, $state, $ppid) = $stat =~ /^(\d+) .*\) (\S) (\d+)/s;
		$parent{$pid} = $ppid if defined $ppid && $state ne 'Z';
	}
	return \%parent;
}

# The processes that this one has started, and those that they did.
sub children {
	my ($self, $of) = @_;
	my $parent = _parents();
	my @found = $of // $$;
	for (my $i = 0; $i < @found; $i++) {
		push @found, sort grep { $parent->{$_} == $found[$i] }
		    keys %$parent;
	}
	shift @found;
	return @found;
}

# Memory in kB, descriptors and ticks of processor time of a process.
sub look_at {
	my ($self, $pid) = @_;
	my ($rss) = slurp("/proc/$pid/status") =~ /^VmRSS:\s+(\d+)/m;
	my @stat = split ' ', slurp("/proc/$pid/stat") =~ s/.*\) //sr;
	my @fds = glob "/proc/$pid/fd/*";
	return {at => Time::HiRes::time(), rss => $rss, fds => scalar @fds,
	    ticks => $stat[11] + $stat[12]};
}

# --- the table -----------------------------------------------------------------

# name -> {runs, rss, worst, rss by size ...} of the notes.
sub notes {
	my ($self) = @_;
	my %of;
	for (split /\n/, slurp($self->{notes})) {
		my ($name, undef, $signal, $rss, $us, $orphans) = split ' ';
		my $n = $of{$name} //= {runs => 0, rss => 0, worst => 0,
		    killed => 0, orphans => 0, all => 0};
		$n->{runs}++;
		$n->{all} += $us / 1e6;
		$n->{killed}++ if $signal;
		$n->{orphans} += $orphans;
		$n->{rss} = $rss if $rss > $n->{rss};
		$n->{worst} = $us / 1e6 if $us / 1e6 > $n->{worst};
	}
	return \%of;
}

sub table {
	my ($self) = @_;
	my $of = $self->notes;
	return join '', sprintf("%-18s %7s %9s %9s %9s %6s\n", 'program', 'runs',
	    'peak kB', 'mean s', 'worst s', 'AS MB'),
	    map { sprintf "%-18s %7d %9d %9.3f %9.3f %6s\n", $_,
	    @{$of->{$_}}{qw(runs rss)}, $of->{$_}{all} / $of->{$_}{runs},
	    $of->{$_}{worst}, $AS{$_} } sort keys %$of;
}

1;
