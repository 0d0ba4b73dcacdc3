package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"lyhord/pkg/platform/config"
)

// bucket keeps objects in one bucket of an S3 server.
type bucket struct {
	client *minio.Client
	name   string
}

func openS3(c config.S3) (bucket, error) {
	client, err := minio.New(c.Endpoint.Host, &minio.Options{
		Creds:        credentials.NewStaticV4(c.AccessKey, c.SecretKey.Reveal(), ""),
		Secure:       c.Endpoint.Scheme == "https",
		Region:       c.Region,
		BucketLookup: minio.BucketLookupPath,
		MaxRetries:   3,
	})
	if err != nil {
		return bucket{}, errors.New("the S3 settings cannot be used") // the error may hold a key
	}
	return bucket{client, c.Bucket}, nil
}

func (b bucket) Put(ctx context.Context, at string, object []byte) error {
	if !name.MatchString(at) {
		return errName
	}
	_, err := b.client.PutObject(ctx, b.name, at, bytes.NewReader(object), int64(len(object)), minio.PutObjectOptions{
		ContentType: "application/octet-stream", DisableMultipart: true,
	})
	return coded(err)
}

func (b bucket) Get(ctx context.Context, at string) ([]byte, error) {
	if !name.MatchString(at) {
		return nil, errName
	}
	r, err := b.client.GetObject(ctx, b.name, at, minio.GetObjectOptions{})
	if err != nil {
		return nil, coded(err)
	}
	object, err := io.ReadAll(r)
	_ = r.Close() // it was read to the end, or its error says more
	return object, coded(err)
}

func (b bucket) Delete(ctx context.Context, at string) error {
	if !name.MatchString(at) {
		return errName
	}
	return coded(b.client.RemoveObject(ctx, b.name, at, minio.RemoveObjectOptions{}))
}

func (b bucket) Ping(ctx context.Context) error {
	there, err := b.client.BucketExists(ctx, b.name)
	if err == nil && !there {
		err = errors.New("the bucket does not exist")
	}
	return coded(err)
}

// coded keeps of an S3 server's error its code only: the text names the bucket and the request.
func coded(err error) error {
	if err == nil {
		return nil
	}
	answer := minio.ToErrorResponse(err)
	switch {
	case answer.Code == minio.NoSuchKey || answer.StatusCode == http.StatusNotFound && answer.Code != minio.NoSuchBucket:
		return ErrMissing
	case answer.Code != "":
		return errors.New("s3: " + answer.Code)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return errors.New("s3: no answer")
}
