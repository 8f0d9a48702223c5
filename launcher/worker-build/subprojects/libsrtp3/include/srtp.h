// The calls of libsrtp 3 that the mediasoup worker makes, on libsrtp 2.
//
// Two things differ between the versions: the policy is opaque in version 3, and
// protecting a packet there takes separate input and output buffers with lengths.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <openssl/crypto.h>

// Version 2's policy is a plain struct of the same name; move it out of the way.
#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

// Status codes that are new in version 3.
inline constexpr srtp_err_status_t srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
inline constexpr srtp_err_status_t srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

struct srtp3_policy
{
	srtp2_policy_t inner{};
	// Master key and salt one after the other, as version 2 wants them.
	unsigned char key[SRTP_MAX_KEY_LEN]{};
	std::size_t expectedKeyLen{ 0 };
};

using srtp_policy_t = srtp3_policy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	*policy = new (std::nothrow) srtp3_policy();

	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	if (!policy)
	{
		return;
	}

	// A memset before a delete is one that the compiler may drop.
	OPENSSL_cleanse(policy->key, sizeof(policy->key));
	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->inner.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	srtp_err_status_t err = srtp_crypto_policy_set_from_profile_for_rtp(&policy->inner.rtp, profile);

	if (err != srtp_err_status_ok)
	{
		return err;
	}

	err = srtp_crypto_policy_set_from_profile_for_rtcp(&policy->inner.rtcp, profile);

	if (err != srtp_err_status_ok)
	{
		return err;
	}

	policy->expectedKeyLen =
	  srtp_profile_get_master_key_length(profile) + srtp_profile_get_master_salt_length(profile);

	return srtp_err_status_ok;
}

// The profile must be set first: it says how long key and salt are together.
inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const std::uint8_t* key,
  std::size_t keyLen,
  const std::uint8_t* salt,
  std::size_t saltLen,
  const std::uint8_t* /*mki*/,
  std::size_t mkiLen)
{
	// The worker uses one key and no MKI.
	if (policy->inner.key || mkiLen != 0)
	{
		return srtp_err_status_no_such_op;
	}

	if (
	  keyLen > sizeof(policy->key) || saltLen > sizeof(policy->key) - keyLen ||
	  keyLen + saltLen != policy->expectedKeyLen)
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->key, key, keyLen);
	std::memcpy(policy->key + keyLen, salt, saltLen);
	policy->inner.key = policy->key;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
	policy->inner.allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, std::size_t size)
{
	policy->inner.window_size = static_cast<unsigned long>(size);

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
	// Version 2 copies the key into the session, so the policy may go afterwards.
	return srtp_create(session, const_cast<const srtp2_policy_t*>(&policy->inner));
}

// Takes the SSRC in network order, as version 2's call does.
inline srtp_err_status_t srtp_stream_remove(srtp_t session, std::uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

namespace srtp3_detail
{
	// No packet is longer than what a UDP datagram holds.
	inline constexpr std::size_t MaxPacketLen{ 65536 };

	// Copies the packet to where the result is wanted and runs version 2's in-place
	// call there. `growth` is the most that the call may add to the packet.
	template<typename InPlace>
	inline srtp_err_status_t run(
	  InPlace inPlace,
	  const std::uint8_t* in,
	  std::size_t inLen,
	  std::uint8_t* out,
	  std::size_t* outLen,
	  std::size_t growth)
	{
		if (inLen > MaxPacketLen)
		{
			return srtp_err_status_bad_param;
		}

		if (inLen + growth > *outLen)
		{
			return srtp_err_status_buffer_small;
		}

		if (out != in)
		{
			std::memmove(out, in, inLen);
		}

		int len = static_cast<int>(inLen);

		const srtp_err_status_t err = inPlace(out, &len);

		if (err == srtp_err_status_ok)
		{
			*outLen = static_cast<std::size_t>(len);
		}

		return err;
	}
} // namespace srtp3_detail

inline srtp_err_status_t srtp_protect(
  srtp_t ctx,
  const std::uint8_t* rtp,
  std::size_t rtpLen,
  std::uint8_t* srtp,
  std::size_t* srtpLen,
  std::size_t /*mkiIndex*/)
{
	return srtp3_detail::run(
	  [ctx](void* packet, int* len) { return srtp_protect(ctx, packet, len); },
	  rtp, rtpLen, srtp, srtpLen, SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t ctx, const std::uint8_t* srtp, std::size_t srtpLen, std::uint8_t* rtp, std::size_t* rtpLen)
{
	return srtp3_detail::run(
	  [ctx](void* packet, int* len) { return srtp_unprotect(ctx, packet, len); },
	  srtp, srtpLen, rtp, rtpLen, 0);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t ctx,
  const std::uint8_t* rtcp,
  std::size_t rtcpLen,
  std::uint8_t* srtcp,
  std::size_t* srtcpLen,
  std::size_t /*mkiIndex*/)
{
	// The trailer of SRTCP has the 4-byte index besides the tag.
	return srtp3_detail::run(
	  [ctx](void* packet, int* len) { return srtp_protect_rtcp(ctx, packet, len); },
	  rtcp, rtcpLen, srtcp, srtcpLen, SRTP_MAX_TRAILER_LEN + 4);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t ctx, const std::uint8_t* srtcp, std::size_t srtcpLen, std::uint8_t* rtcp, std::size_t* rtcpLen)
{
	return srtp3_detail::run(
	  [ctx](void* packet, int* len) { return srtp_unprotect_rtcp(ctx, packet, len); },
	  srtcp, srtcpLen, rtcp, rtcpLen, 0);
}
